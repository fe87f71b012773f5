package dev.flujo.e2e;

import dev.flujo.stack.kubernetes.ContainerNode;
import dev.flujo.stack.kubernetes.TestCluster;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/**
 * What executes the jobs of a runner, where this machine has it.
 *
 * @param environment what a runner has in its environment to use it
 * @param end ends it; nobody uses it any more
 */
public record Workplace(Map<String, String> environment, Runnable end) implements AutoCloseable {

    /** The image of jobs, which the container engine of this machine has. */
    static final String IMAGE = System.getenv().getOrDefault("FLUJO_JOB_IMAGE", "buildpack-deps:bookworm");

    /** Processes of this machine. */
    public static Workplace processes() {
        return new Workplace(Map.of("FLUJO_RUNNER_EXECUTOR", "process"), () -> {});
    }

    /** Containers of a real engine; the runner takes them with it. */
    public static Workplace containers() {
        needsImage();
        return new Workplace(
                Map.of(
                        "FLUJO_RUNNER_EXECUTOR", "docker",
                        "FLUJO_RUNNER_DOCKER_IMAGE", IMAGE,
                        "FLUJO_RUNNER_DOCKER_MEMORY", "256m",
                        "FLUJO_RUNNER_DOCKER_PULL", "never"),
                () -> {});
    }

    /** Pods of a real API server, on a node of the tests' own, for the runner with this directory. */
    public static Workplace pods(Path runnerDirectory) {
        needsImage();
        Machine.needs(
                !TestCluster.given(),
                "Expected an API server of the tests' own, since its node is; unset FLUJO_TEST_KUBECONFIG.");
        TestCluster cluster = TestCluster.shared();
        ContainerNode node = new ContainerNode(cluster, DockerClientFactory.lazyClient(), runnerDirectory);
        return new Workplace(
                Map.of(
                        "FLUJO_RUNNER_EXECUTOR",
                        "kubernetes",
                        "FLUJO_RUNNER_KUBERNETES_KUBECONFIG",
                        cluster.kubeconfig().toString(),
                        "FLUJO_RUNNER_KUBERNETES_NAMESPACE",
                        node.namespace(),
                        "FLUJO_RUNNER_KUBERNETES_NODE",
                        node.name(),
                        "FLUJO_RUNNER_KUBERNETES_CLAIM",
                        "runner",
                        "FLUJO_RUNNER_KUBERNETES_IMAGE",
                        IMAGE,
                        "FLUJO_RUNNER_KUBERNETES_MEMORY",
                        "256m",
                        "FLUJO_RUNNER_KUBERNETES_PULL",
                        "never"),
                node::close);
    }

    /** Skips the test where the container engine is missing, or the image. */
    static void needsImage() {
        Machine.needs(
                Machine.can("docker", "image", "inspect", IMAGE),
                "there is no container engine with the image " + IMAGE + "; run eval \"$(.ci/containers)\"");
    }

    @Override
    public void close() {
        end.run();
    }
}

package dev.flujo.e2e;

import dev.flujo.stack.kubernetes.ContainerNode;
import dev.flujo.stack.kubernetes.TestCluster;
import java.nio.file.Path;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The whole platform with a runner that executes jobs in pods of a real API server, on a node of the tests' own. */
class KubernetesIT extends ContainedJobs {

    private ContainerNode node;

    @Override
    Map<String, String> open(Path runnerDirectory) {
        Machine.needs(
                !TestCluster.given(),
                "Expected an API server of the tests' own, since its node is; unset FLUJO_TEST_KUBECONFIG.");
        TestCluster cluster = TestCluster.shared();
        node = new ContainerNode(cluster, DockerClientFactory.lazyClient(), runnerDirectory);
        return Map.of(
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
                "never");
    }

    @Override
    void close() {
        node.close();
    }
}

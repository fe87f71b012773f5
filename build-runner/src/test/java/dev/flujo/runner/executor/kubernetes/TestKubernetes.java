package dev.flujo.runner.executor.kubernetes;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.flujo.runner.executor.docker.TestEngine;
import dev.flujo.stack.kubernetes.ContainerNode;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A namespace of a real API server that takes only restricted pods, and a node whose containers the engine of this machine
 * executes. The volume of the claim is a directory of this machine.
 */
final class TestKubernetes implements AutoCloseable {

    private final TestCluster cluster;
    private final String image = TestEngine.DOCKER.image();
    private final DockerClient engine;
    private final ContainerNode node;

    private TestKubernetes(TestCluster cluster, Path volume) {
        this.cluster = cluster;
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost("unix:///var/run/docker.sock")
                .build();
        this.engine = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        this.node = new ContainerNode(cluster, engine, volume);
    }

    /** One of the test's own; the test is skipped where there is no API server or no engine. */
    static TestKubernetes open(Path volume) {
        Assumptions.assumeFalse(
                TestCluster.given(), "Expected an API server of the tests' own, since its nodes are of their own, too");
        return new TestKubernetes(TestCluster.shared(), volume);
    }

    KubernetesClient admin() {
        return cluster.admin();
    }

    TestCluster cluster() {
        return cluster;
    }

    String namespace() {
        return node.namespace();
    }

    String nodeName() {
        return node.name();
    }

    /** The pods that there are. */
    List<Pod> pods() {
        return node.pods();
    }

    /** Has the cluster know a runtime class of this name. */
    void runtimeClass(String name) {
        admin().resource(new RuntimeClassBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withHandler("runc")
                        .build())
                .serverSideApply();
    }

    /** No container of the namespace may have more memory. */
    void limitMemory(String most) {
        admin().resource(new LimitRangeBuilder()
                        .withNewMetadata()
                        .withName("memory")
                        .withNamespace(namespace())
                        .endMetadata()
                        .withNewSpec()
                        .addNewLimit()
                        .withType("Container")
                        .addToMax("memory", new Quantity(most))
                        .endLimit()
                        .endSpec()
                        .build())
                .create();
    }

    /** The namespace has all the pods that it may have. */
    void noMorePods() {
        ResourceQuota quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("pods")
                .withNamespace(namespace())
                .endMetadata()
                .withNewSpec()
                .addToHard("pods", new Quantity("0"))
                .endSpec()
                .withNewStatus()
                .addToHard("pods", new Quantity("0"))
                .addToUsed("pods", new Quantity("0"))
                .endStatus()
                .build();
        admin().resource(quota).create();
        admin().resource(quota).patchStatus();
    }

    /** A configuration with these values beside those that the tests need. */
    KubernetesConfig config(Map<String, String> more) {
        Map<String, String> values = new HashMap<>();
        values.put("kubeconfig", cluster.kubeconfig().toString());
        values.put("namespace", namespace());
        values.put("claim", "runner");
        values.put("image", image);
        values.put("pull", "never");
        values.put("memory", "256m");
        values.putAll(more);
        Map<String, String> properties = new HashMap<>();
        values.forEach((name, value) -> properties.put("flujo.runner.kubernetes." + name, value));
        return new SmallRyeConfigBuilder()
                .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(KubernetesConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 1000))
                .build()
                .getConfigMapping(KubernetesConfig.class);
    }

    @Override
    public void close() throws java.io.IOException {
        node.close();
        engine.close();
    }
}

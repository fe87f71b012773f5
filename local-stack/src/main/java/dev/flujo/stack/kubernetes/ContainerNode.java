package dev.flujo.stack.kubernetes;

import com.github.dockerjava.api.DockerClient;
import dev.flujo.stack.Await;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A namespace that takes only restricted pods, and the node that they are on, whose containers the engine of this machine
 * executes. Whatever claim a pod names, its volume is a directory of this machine.
 */
public final class ContainerNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KubernetesClient admin;
    private final String namespace;
    private final FakeNode<ContainerPod> node;

    public ContainerNode(TestCluster cluster, DockerClient engine, Path volume) {
        this.admin = cluster.admin();
        this.namespace = cluster.namespace(Map.of("pod-security.kubernetes.io/enforce", "restricted"));
        boolean settled = Await.until(
                PATIENCE,
                () -> admin.serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
        if (!settled) {
            throw new AssertionError("Expected the namespace " + namespace + " to get its account, but it has none");
        }
        this.node = new FakeNode<>(
                admin,
                name(),
                1,
                admin.pods().inNamespace(namespace),
                pod -> new ContainerPod(pod, admin, engine, volume));
    }

    public String namespace() {
        return namespace;
    }

    /** The name of the node. */
    public String name() {
        return "node-of-" + namespace;
    }

    /** The pods that there are. */
    public List<Pod> pods() {
        return admin.pods().inNamespace(namespace).list().getItems();
    }

    /** Ends all containers; nobody needs the namespace any more. */
    @Override
    public void close() {
        node.close();
        admin.pods().inNamespace(namespace).withGracePeriod(0).delete();
        admin.namespaces().withName(namespace).delete();
    }
}

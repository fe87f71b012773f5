package dev.flujo.deploy.target.kubernetes;

import dev.flujo.stack.kubernetes.FakeNode;
import dev.flujo.stack.kubernetes.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The node of the pods whose scheduler is {@link #SCHEDULER}, one for the tests of one Java process. What becomes of a pod is
 * said by the name of its image, as {@link FakePod} reads it; one with a node selector is never scheduled.
 */
final class FakeKubelet implements AutoCloseable {

    static final String SCHEDULER = "flujo-test";

    private static final String NODE = "flujo-test";
    private static final Object GUARD = new Object();
    private static FakeKubelet shared;

    private final FakePodLogs logs;
    private final FakeNode<FakePod> node;

    private FakeKubelet(KubernetesClient admin) {
        this.logs = new FakePodLogs(this);
        this.node = new FakeNode<>(
                admin,
                NODE,
                logs.port(),
                admin.pods().inAnyNamespace().withField("spec.schedulerName", SCHEDULER),
                pod -> new FakePod(pod, admin));
    }

    /** That of the cluster that all tests share. */
    static FakeKubelet shared() {
        synchronized (GUARD) {
            if (shared == null) {
                shared = new FakeKubelet(TestCluster.shared().admin());
                Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "end-fake-kubelet"));
            }
            return shared;
        }
    }

    /** Lets the slow pods of a namespace become ready. */
    void makeReady(String namespace) {
        in(namespace).forEach(FakePod::makeReady);
    }

    /** Lets the slow pods of a namespace end again and again, as the cluster knows when this returns. */
    void crash(String namespace) {
        in(namespace).forEach(FakePod::crash);
    }

    /** Whether so many pods of a namespace have begun. */
    boolean hasBegun(String namespace, int many) {
        return in(namespace).filter(FakePod::hasBegun).count() >= many;
    }

    /** The pod of that name, while it is on this node. */
    Optional<FakePod> pod(String namespace, String name) {
        return in(namespace).filter(pod -> pod.name().equals(name)).findAny();
    }

    /** The pod with that address. */
    Optional<FakePod> at(String address) {
        return node.pods().stream().filter(pod -> pod.address().equals(address)).findAny();
    }

    @Override
    public void close() {
        node.close();
        logs.close();
    }

    private Stream<FakePod> in(String namespace) {
        return node.pods().stream().filter(pod -> pod.namespace().equals(namespace));
    }
}

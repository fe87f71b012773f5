package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A node and a scheduler in one, for pods whose scheduler is {@link #SCHEDULER}. What becomes of a pod is said by the name
 * of its image, as {@link FakePod} reads it; one with a node selector is never scheduled.
 */
final class FakeKubelet implements AutoCloseable {

    static final String SCHEDULER = "flujo-test";

    private static final String NODE = "flujo-test";

    private final KubernetesClient admin;
    private final Map<String, FakePod> pods = new ConcurrentHashMap<>();
    private final FakePodLogs logs;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-kubelet");
        thread.setDaemon(true);
        return thread;
    });
    private final SharedIndexInformer<Pod> informer;

    FakeKubelet(KubernetesClient admin) {
        this.admin = admin;
        this.logs = new FakePodLogs(this);
        register();
        this.informer = admin.pods()
                .inAnyNamespace()
                .withField("spec.schedulerName", SCHEDULER)
                .inform(new Handler());
    }

    /** Lets the slow pods of a namespace become ready. */
    void makeReady(String namespace) {
        pods.values().stream().filter(pod -> pod.namespace().equals(namespace)).forEach(FakePod::makeReady);
    }

    /** Lets the slow pods of a namespace end again and again, as the cluster knows when this returns. */
    void crash(String namespace) {
        pods.values().stream().filter(pod -> pod.namespace().equals(namespace)).forEach(FakePod::crash);
    }

    /** Whether so many pods of a namespace have begun. */
    boolean hasBegun(String namespace, int many) {
        return pods.values().stream()
                        .filter(pod -> pod.namespace().equals(namespace) && pod.hasBegun())
                        .count()
                >= many;
    }

    /** The pod of that name, while it is on this node. */
    Optional<FakePod> pod(String namespace, String name) {
        return pods.values().stream()
                .filter(pod -> pod.namespace().equals(namespace) && pod.name().equals(name))
                .findAny();
    }

    /** The pod with that address. */
    Optional<FakePod> at(String address) {
        return pods.values().stream()
                .filter(pod -> pod.address().equals(address))
                .findAny();
    }

    @Override
    public void close() {
        informer.stop();
        threads.shutdownNow();
        pods.values().forEach(FakePod::end);
        logs.close();
    }

    private void register() {
        var node = new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .endMetadata()
                .withNewStatus()
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(logs.port())
                .endDaemonEndpoints()
                .endStatus()
                .build();
        admin.nodes().resource(node).serverSideApply();
        admin.nodes().resource(node).patchStatus();
    }

    /** A pod is handled on a thread of its own, so that what one waits for holds up no other. */
    private void handle(Pod pod) {
        String uid = pod.getMetadata().getUid();
        threads.execute(() -> {
            try {
                if (pod.getMetadata().getDeletionTimestamp() != null) {
                    delete(pod, uid);
                } else if (pod.getSpec().getNodeName() == null) {
                    schedule(pod);
                } else {
                    pods.computeIfAbsent(uid, unused -> new FakePod(pod, admin)).begin();
                }
            } catch (KubernetesClientException e) {
                if (e.getCode() != 404 && e.getCode() != 409) {
                    throw e;
                }
            }
        });
    }

    private void schedule(Pod pod) {
        if (pod.getSpec().getNodeSelector() != null
                && !pod.getSpec().getNodeSelector().isEmpty()) {
            if (pod.getStatus().getConditions().isEmpty()) {
                new FakePod(pod, admin).reportUnschedulable();
            }
            return;
        }
        admin.bindings()
                .inNamespace(pod.getMetadata().getNamespace())
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .endMetadata()
                        .withNewTarget()
                        .withKind("Node")
                        .withName(NODE)
                        .endTarget()
                        .build())
                .create();
    }

    private void delete(Pod pod, String uid) {
        FakePod running = pods.get(uid);
        if (running != null && !running.beginToEnd()) {
            return;
        }
        if (running != null) {
            running.drain();
            running.end();
        }
        admin.pods().resource(pod).withGracePeriod(0).delete();
    }

    private final class Handler implements ResourceEventHandler<Pod> {

        @Override
        public void onAdd(Pod pod) {
            handle(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            handle(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            FakePod running = pods.remove(pod.getMetadata().getUid());
            if (running != null) {
                running.end();
            }
        }
    }
}

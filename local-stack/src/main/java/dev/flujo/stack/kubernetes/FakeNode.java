package dev.flujo.stack.kubernetes;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A node and a scheduler in one for the pods of a test, which says what becomes of each. Pods that ask for another node are
 * never scheduled.
 *
 * @param <P> what the test makes of a pod
 */
public final class FakeNode<P extends FakeNode.NodePod> implements AutoCloseable {

    /** A pod on this node. */
    public interface NodePod {

        /** Starts it; asked for each time that the pod changes. */
        void begin();

        /** Ends it as gently as its deletion says, and returns when nothing of it runs. Asked for once. */
        void end(Pod deleted);

        /** Ends what may still run of it at once. */
        void kill();
    }

    private final KubernetesClient admin;
    private final String name;
    private final Function<Pod, P> make;
    private final Map<String, P> pods = new ConcurrentHashMap<>();

    /** Pods that were told to end, for ever: a pod that comes after one may have its name, and nothing of the old one concerns it. */
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "fake-node");
        thread.setDaemon(true);
        return thread;
    });
    private final SharedIndexInformer<Pod> informer;

    /**
     * @param kubeletPort where the API server asks for the logs of pods
     * @param wanted which pods are scheduled to it
     * @param make what becomes of a pod, made once for each
     */
    public FakeNode(
            KubernetesClient admin, String name, int kubeletPort, Informable<Pod> wanted, Function<Pod, P> make) {
        this.admin = admin;
        this.name = name;
        this.make = make;
        register(kubeletPort);
        this.informer = wanted.inform(new Handler());
    }

    /** The pods that are on this node now. */
    public Collection<P> pods() {
        return pods.values();
    }

    /** Tells the API server how a pod is; one that is gone by now is left alone, and so is one that has its name. */
    public static void report(KubernetesClient admin, Pod pod, PodStatus status) {
        Pod patch = new PodBuilder()
                .withNewMetadata()
                .withUid(pod.getMetadata().getUid())
                .endMetadata()
                .withStatus(status)
                .build();
        try {
            admin.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            admin.getKubernetesSerialization().asJson(patch));
        } catch (KubernetesClientException e) {
            if (!another(e)) {
                throw e;
            }
        }
    }

    /** Whether the pod is not there any more, or its name is another one's. */
    private static boolean another(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND || e.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    @Override
    public void close() {
        informer.stop();
        threads.shutdownNow();
        pods.values().forEach(NodePod::kill);
    }

    private void register(int kubeletPort) {
        var node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(kubeletPort)
                .endDaemonEndpoints()
                .endStatus()
                .build();
        admin.nodes().resource(node).serverSideApply();
        admin.nodes().resource(node).patchStatus();
    }

    /** A pod is handled on a thread of its own, so that what one waits for holds up no other. */
    private void handle(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (threads.isShutdown()) {
            return;
        }
        threads.execute(() -> {
            try {
                if (pod.getMetadata().getDeletionTimestamp() != null) {
                    delete(pod, uid);
                } else if (pod.getSpec().getNodeName() == null) {
                    schedule(pod);
                } else {
                    pods.computeIfAbsent(uid, unused -> make.apply(pod)).begin();
                }
            } catch (KubernetesClientException e) {
                if (!another(e)) {
                    throw e;
                }
            }
        });
    }

    private void schedule(Pod pod) {
        if (!fits(pod.getSpec())) {
            if (pod.getStatus().getConditions().isEmpty()) {
                report(admin, pod, unschedulable());
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
                        .withName(name)
                        .endTarget()
                        .build())
                .create();
    }

    private boolean fits(PodSpec spec) {
        boolean selects =
                spec.getNodeSelector() != null && !spec.getNodeSelector().isEmpty();
        boolean requires = spec.getAffinity() != null
                && spec.getAffinity().getNodeAffinity() != null
                && spec.getAffinity().getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution() != null;
        return !selects
                && (!requires
                        || spec
                                .getAffinity()
                                .getNodeAffinity()
                                .getRequiredDuringSchedulingIgnoredDuringExecution()
                                .getNodeSelectorTerms()
                                .stream()
                                .anyMatch(this::isThisNode));
    }

    private boolean isThisNode(NodeSelectorTerm term) {
        return term.getMatchExpressions().isEmpty()
                && term.getMatchFields().stream()
                        .allMatch(field -> field.getKey().equals("metadata.name")
                                && field.getOperator().equals("In")
                                && field.getValues().contains(name));
    }

    private static PodStatus unschedulable() {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .withConditions(List.of(new PodConditionBuilder()
                        .withType("PodScheduled")
                        .withStatus("False")
                        .withReason("Unschedulable")
                        .withMessage("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.")
                        .build()))
                .build();
    }

    private void delete(Pod pod, String uid) {
        if (!ended.add(uid)) {
            return;
        }
        P running = pods.get(uid);
        if (running != null) {
            running.end(pod);
        }
        admin.raw(
                "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                        + pod.getMetadata().getName(),
                "DELETE",
                new DeleteOptionsBuilder()
                        .withGracePeriodSeconds(0L)
                        .withNewPreconditions()
                        .withUid(uid)
                        .endPreconditions()
                        .build());
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
            String uid = pod.getMetadata().getUid();
            P running = pods.remove(uid);
            if (running != null && !threads.isShutdown()) {
                running.kill();
            }
        }
    }
}

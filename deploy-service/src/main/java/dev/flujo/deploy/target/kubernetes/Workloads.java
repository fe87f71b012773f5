package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The workloads of a namespace as they are now, and the pods of their newest template. */
final class Workloads {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String TEMPLATE = "pod-template-hash";
    private static final String CONTROLLER_REVISION = "controller-revision-hash";

    private final Cluster cluster;
    private final String namespace;

    Workloads(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /** A workload at one moment. */
    record Seen(HasMetadata object, RolloutStatus status, int available, Optional<String> failedToCreate) {}

    Optional<Seen> look(ObjectKey key) throws IOException {
        return switch (key.kind()) {
            case DEPLOYMENT -> cluster.read(() -> deployment(key)).map(Workloads::seen);
            case STATEFUL_SET -> cluster.read(() -> statefulSet(key)).map(Workloads::seen);
            case DAEMON_SET -> cluster.read(() -> daemonSet(key)).map(Workloads::seen);
            case CONFIG_MAP,
                    PERSISTENT_VOLUME_CLAIM,
                    SERVICE,
                    POD_DISRUPTION_BUDGET,
                    CRON_JOB,
                    HORIZONTAL_POD_AUTOSCALER,
                    INGRESS,
                    HTTP_ROUTE -> throw new AssertionError("no workload: " + key);
        };
    }

    /** The pods of the workload's newest template. */
    List<Pod> newestPods(HasMetadata workload) throws IOException {
        if (workload instanceof Deployment deployment) {
            Optional<ReplicaSet> newest = newestReplicaSet(deployment);
            return newest.isEmpty()
                    ? List.of()
                    : pods(
                            newest.get(),
                            newest.get().getSpec().getSelector(),
                            TEMPLATE,
                            newest.get().getMetadata().getLabels().get(TEMPLATE));
        }
        if (workload instanceof StatefulSet set) {
            String revision = set.getStatus() == null ? null : set.getStatus().getUpdateRevision();
            return pods(set, set.getSpec().getSelector(), CONTROLLER_REVISION, revision);
        }
        if (workload instanceof DaemonSet set) {
            String generation = set.getMetadata().getGeneration().toString();
            return pods(set, set.getSpec().getSelector(), "pod-template-generation", generation);
        }
        throw new AssertionError("unhandled workload " + workload);
    }

    private Optional<ReplicaSet> newestReplicaSet(Deployment deployment) throws IOException {
        String revision = revision(deployment);
        List<ReplicaSet> sets = cluster.read(() -> client().apps()
                        .replicaSets()
                        .inNamespace(namespace)
                        .withLabelSelector(deployment.getSpec().getSelector())
                        .list()
                        .getItems())
                .orElse(List.of());
        return sets.stream()
                .filter(set -> owned(set, deployment) && revision != null && revision.equals(revision(set)))
                .findAny();
    }

    private List<Pod> pods(HasMetadata owner, LabelSelector selector, String label, String value) throws IOException {
        if (value == null) {
            return List.of();
        }
        return cluster
                .read(() -> client().pods()
                        .inNamespace(namespace)
                        .withLabelSelector(selector)
                        .withLabel(label, value)
                        .list()
                        .getItems())
                .orElse(List.of())
                .stream()
                .filter(pod -> owned(pod, owner))
                .toList();
    }

    private static boolean owned(HasMetadata object, HasMetadata owner) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }

    private static String revision(HasMetadata object) {
        return object.getMetadata().getAnnotations() == null
                ? null
                : object.getMetadata().getAnnotations().get(REVISION);
    }

    private static Seen seen(Deployment deployment) {
        Integer available =
                deployment.getStatus() == null ? null : deployment.getStatus().getAvailableReplicas();
        Optional<String> failed = deployment.getStatus() == null
                ? Optional.empty()
                : deployment.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("ReplicaFailure")
                                && condition.getStatus().equals("True"))
                        .map(condition -> condition.getMessage())
                        .findAny();
        return new Seen(deployment, RolloutStatus.of(deployment), available == null ? 0 : available, failed);
    }

    private static Seen seen(StatefulSet set) {
        Integer ready = set.getStatus() == null ? null : set.getStatus().getReadyReplicas();
        return new Seen(set, RolloutStatus.of(set), ready == null ? 0 : ready, Optional.empty());
    }

    private static Seen seen(DaemonSet set) {
        Integer available = set.getStatus() == null ? null : set.getStatus().getNumberAvailable();
        return new Seen(set, RolloutStatus.of(set), available == null ? 0 : available, Optional.empty());
    }

    private Deployment deployment(ObjectKey key) {
        return client().apps()
                .deployments()
                .inNamespace(namespace)
                .withName(key.name())
                .get();
    }

    private StatefulSet statefulSet(ObjectKey key) {
        return client().apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName(key.name())
                .get();
    }

    private DaemonSet daemonSet(ObjectKey key) {
        return client().apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName(key.name())
                .get();
    }

    private KubernetesClient client() {
        return cluster.client();
    }
}

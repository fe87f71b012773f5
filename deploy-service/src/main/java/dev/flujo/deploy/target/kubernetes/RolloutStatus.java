package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;

/** How far the rollout of a workload is, by the rules of {@code kubectl rollout status}, in their order. */
sealed interface RolloutStatus {

    /** Not there yet. */
    record Waiting(String why) implements RolloutStatus {}

    /** All of it runs the newest template. */
    record Done() implements RolloutStatus {}

    /** The cluster has given it up. */
    record Failed(String why) implements RolloutStatus {}

    static RolloutStatus of(Deployment deployment) {
        DeploymentStatus status = deployment.getStatus();
        if (unobserved(
                deployment.getMetadata().getGeneration(), status == null ? null : status.getObservedGeneration())) {
            return new Waiting("its specification is not observed yet");
        }
        for (DeploymentCondition condition : status.getConditions()) {
            if (condition.getType().equals("Progressing") && "ProgressDeadlineExceeded".equals(condition.getReason())) {
                return new Failed("it exceeded its progress deadline");
            }
        }
        int wanted = number(deployment.getSpec().getReplicas(), 1);
        int updated = number(status.getUpdatedReplicas(), 0);
        if (updated < wanted) {
            return new Waiting(updated + " of " + wanted + " replicas are updated");
        }
        if (number(status.getReplicas(), 0) > updated) {
            return new Waiting(number(status.getReplicas(), 0) - updated + " old replicas are to end");
        }
        return available(number(status.getAvailableReplicas(), 0), updated);
    }

    static RolloutStatus of(StatefulSet set) {
        if ("OnDelete".equals(set.getSpec().getUpdateStrategy().getType())) {
            return new Done();
        }
        StatefulSetStatus status = set.getStatus();
        if (unobserved(set.getMetadata().getGeneration(), status == null ? null : status.getObservedGeneration())) {
            return new Waiting("its specification is not observed yet");
        }
        int wanted = number(set.getSpec().getReplicas(), 1);
        int ready = number(status.getReadyReplicas(), 0);
        if (ready < wanted) {
            return new Waiting(ready + " of " + wanted + " replicas are ready");
        }
        var rolling = set.getSpec().getUpdateStrategy().getRollingUpdate();
        int partition = rolling == null ? 0 : number(rolling.getPartition(), 0);
        int updated = number(status.getUpdatedReplicas(), 0);
        if (partition > 0) {
            return updated >= wanted - partition
                    ? new Done()
                    : new Waiting(updated + " of " + (wanted - partition) + " replicas are updated");
        }
        return status.getUpdateRevision() != null && status.getUpdateRevision().equals(status.getCurrentRevision())
                ? new Done()
                : new Waiting(updated + " of " + wanted + " replicas are updated");
    }

    static RolloutStatus of(DaemonSet set) {
        if ("OnDelete".equals(set.getSpec().getUpdateStrategy().getType())) {
            return new Done();
        }
        DaemonSetStatus status = set.getStatus();
        if (unobserved(set.getMetadata().getGeneration(), status == null ? null : status.getObservedGeneration())) {
            return new Waiting("its specification is not observed yet");
        }
        int wanted = number(status.getDesiredNumberScheduled(), 0);
        int updated = number(status.getUpdatedNumberScheduled(), 0);
        if (updated < wanted) {
            return new Waiting(updated + " of " + wanted + " replicas are updated");
        }
        return available(number(status.getNumberAvailable(), 0), wanted);
    }

    private static RolloutStatus available(int available, int wanted) {
        return available < wanted ? new Waiting(available + " of " + wanted + " replicas are available") : new Done();
    }

    private static boolean unobserved(Long generation, Long observed) {
        return observed == null || generation > observed;
    }

    private static int number(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}

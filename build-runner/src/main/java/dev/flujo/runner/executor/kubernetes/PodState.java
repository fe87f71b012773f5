package dev.flujo.runner.executor.kubernetes;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the status of a pod says of its job. */
final class PodState {

    private static final Set<String> PHASES_OF_THE_END = Set.of("Succeeded", "Failed");
    private static final Set<String> NOT_PULLED =
            Set.of("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError");
    private static final Set<String> NO_IMAGE = Set.of("InvalidImageName", "ErrImageNeverPull");
    private static final Set<String> NOT_STARTED = Set.of(
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "PreCreateHookError",
            "PostStartHookError",
            "CrashLoopBackOff");

    private PodState() {}

    /** Whether nothing of it runs any more. */
    static boolean ended(Pod pod) {
        return PHASES_OF_THE_END.contains(String.valueOf(pod.getStatus().getPhase()))
                || terminated(pod).isPresent();
    }

    /** Whether somebody has told it to end. */
    static boolean ending(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    /** The image that the pod runs, once it does. */
    static Optional<Image> image(Pod pod, String name) {
        return container(pod)
                .filter(status -> status.getState() != null && status.getState().getRunning() != null)
                .map(ContainerStatus::getImageID)
                .filter(id -> !id.isEmpty())
                .map(id -> new Image(name, id.substring(Math.max(0, id.lastIndexOf("sha256:")))));
    }

    /**
     * Whether the pod runs, or will not by itself.
     *
     * @param mayWait whether it may still get a node
     */
    static boolean settled(Pod pod, boolean mayWait) {
        return image(pod, "").isPresent()
                || ended(pod)
                || ending(pod)
                || waiting(pod).filter(PodState::hopeless).isPresent()
                || (!mayWait && withoutNode(pod).isPresent());
    }

    /** Says why a pod that has settled does not run. */
    static IOException trouble(Pod pod, String image) throws RefusedException {
        Optional<ContainerStateWaiting> waiting = waiting(pod).filter(PodState::hopeless);
        if (waiting.isPresent()) {
            return notStarted(waiting.get(), image);
        }
        Optional<String> lonely = withoutNode(pod);
        if (lonely.isPresent()) {
            return new IOException("Expected a node for the pod of the job, but " + lonely.get());
        }
        return new IOException("Expected the pod of the job to wait for its steps, but " + why(pod)
                + "; see that the image " + image + " has bash 5");
    }

    /** Says why a container of the image does not start that will not by itself. */
    static IOException notStarted(ContainerStateWaiting waiting, String image) throws RefusedException {
        String reason = waiting.getReason();
        String why = said(reason, waiting.getMessage());
        if (NO_IMAGE.contains(reason)) {
            throw new RefusedException("Expected the image " + image + " on the job's node, but " + why);
        }
        return new IOException(
                NOT_PULLED.contains(reason)
                        ? "Expected the cluster to pull the image " + image + ", but it refused: " + why
                        : "Expected the cluster to start a container of " + image + ", but it refused: " + why);
    }

    /** What has become of a pod that does not run any more. */
    static String why(Pod pod) {
        Optional<ContainerStateTerminated> ended = terminated(pod);
        if (pod.getStatus().getReason() != null) {
            return "its pod has failed: "
                    + said(pod.getStatus().getReason(), pod.getStatus().getMessage());
        }
        Optional<PodCondition> disrupted = condition(pod, "DisruptionTarget", "True");
        if (disrupted.isPresent()) {
            return "its pod was taken away: "
                    + said(disrupted.get().getReason(), disrupted.get().getMessage());
        }
        if (ending(pod)) {
            return "somebody has deleted its pod";
        }
        return ended.map(end -> "the first process of its pod has ended with " + end.getExitCode() + ": "
                        + said(end.getReason(), end.getMessage()))
                .orElse("its pod is not there any more");
    }

    /** Whether its container ended for want of memory. */
    static boolean ranOutOfMemory(Pod pod) {
        return terminated(pod)
                .filter(end -> "OOMKilled".equals(end.getReason()))
                .isPresent();
    }

    /** Whether a container waits for what will not come by itself. */
    static boolean hopeless(ContainerStateWaiting waiting) {
        String reason = String.valueOf(waiting.getReason());
        return NOT_PULLED.contains(reason) || NO_IMAGE.contains(reason) || NOT_STARTED.contains(reason);
    }

    /** What the scheduler says of a pod that it has no node for. */
    private static Optional<String> withoutNode(Pod pod) {
        return condition(pod, "PodScheduled", "False")
                .filter(condition -> "Unschedulable".equals(condition.getReason()))
                .map(condition -> said(condition.getReason(), condition.getMessage()));
    }

    private static Optional<ContainerStateWaiting> waiting(Pod pod) {
        return container(pod)
                .flatMap(status -> Optional.ofNullable(status.getState()))
                .flatMap(state -> Optional.ofNullable(state.getWaiting()));
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod) {
        return container(pod)
                .flatMap(status -> Optional.ofNullable(status.getState()))
                .flatMap(state -> Optional.ofNullable(state.getTerminated()));
    }

    private static Optional<ContainerStatus> container(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(PodOrder.CONTAINER))
                .findFirst();
    }

    private static Optional<PodCondition> condition(Pod pod, String type, String status) {
        Stream<PodCondition> conditions = pod.getStatus().getConditions().stream();
        return conditions
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private static String said(String reason, String message) {
        String text = message == null ? "" : message.strip();
        return reason == null ? text : text.isEmpty() ? reason : reason + ": " + text;
    }
}

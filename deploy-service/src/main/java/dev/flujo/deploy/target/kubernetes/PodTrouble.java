package dev.flujo.deploy.target.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is wrong with a pod.
 *
 * @param container the one whose last words may say more, if one has run
 * @param hopeless whether waiting does not help; a pod without a place may still get one
 */
record PodTrouble(String pod, Optional<String> container, String reason, boolean hopeless) {

    private static final Set<String> HOPELESS = Set.of(
            "CrashLoopBackOff",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    static Optional<PodTrouble> of(Pod pod) {
        PodStatus status = pod.getStatus();
        if (status == null || pod.getMetadata().getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        return Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
                .flatMap(List::stream)
                .flatMap(container -> of(pod, container).stream())
                .findFirst()
                .or(() -> unscheduled(pod));
    }

    private static Optional<PodTrouble> of(Pod pod, ContainerStatus container) {
        ContainerStateWaiting waiting =
                container.getState() == null ? null : container.getState().getWaiting();
        if (waiting == null || waiting.getReason() == null || !HOPELESS.contains(waiting.getReason())) {
            return Optional.empty();
        }
        boolean hasRun =
                container.getLastState() != null && container.getLastState().getTerminated() != null;
        String ended = hasRun
                ? ", it ended with code "
                        + container.getLastState().getTerminated().getExitCode()
                : "";
        String detail = waiting.getMessage() == null ? "" : " (" + waiting.getMessage() + ")";
        return Optional.of(new PodTrouble(
                pod.getMetadata().getName(),
                hasRun ? Optional.of(container.getName()) : Optional.empty(),
                waiting.getReason() + detail + ended,
                true));
    }

    private static Optional<PodTrouble> unscheduled(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False")
                        && "Unschedulable".equals(condition.getReason()))
                .map(condition -> new PodTrouble(
                        pod.getMetadata().getName(),
                        Optional.empty(),
                        "Unschedulable (" + condition.getMessage() + ")",
                        false))
                .findAny();
    }
}

package dev.flujo.e2e;

import dev.flujo.stack.kubernetes.FakeNode;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What becomes of a pod in a test without a container: it is ready at once, unless its image's name says that there is none. */
final class ImagePod implements FakeNode.NodePod {

    private static final String MISSING = "/missing@";

    private final KubernetesClient admin;
    private final Pod pod;
    private final AtomicBoolean begun = new AtomicBoolean();

    ImagePod(KubernetesClient admin, Pod pod) {
        this.admin = admin;
        this.pod = pod;
    }

    @Override
    public void begin() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        String image = pod.getSpec().getContainers().get(0).getImage();
        boolean ready = !image.contains(MISSING);
        ContainerState state = ready
                ? new ContainerStateBuilder()
                        .withNewRunning(Instant.now().toString())
                        .build()
                : new ContainerStateBuilder()
                        .withNewWaiting("Back-off pulling image \"" + image + "\"", "ImagePullBackOff")
                        .build();
        FakeNode.report(
                admin,
                pod,
                new PodStatusBuilder()
                        .withPhase(ready ? "Running" : "Pending")
                        .withConditions(conditions(ready))
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName(pod.getSpec().getContainers().get(0).getName())
                                .withImage(image)
                                .withImageID(image)
                                .withRestartCount(0)
                                .withReady(ready)
                                .withState(state)
                                .build())
                        .build());
    }

    @Override
    public void end(Pod deleted) {
        kill();
    }

    /** Nothing runs of it. */
    @Override
    public void kill() {
        begun.set(true);
    }

    private static List<PodCondition> conditions(boolean ready) {
        return Stream.of("PodScheduled", "ContainersReady", "Ready")
                .map(type -> new PodConditionBuilder()
                        .withType(type)
                        .withStatus(ready || type.equals("PodScheduled") ? "True" : "False")
                        .withLastTransitionTime(Instant.now().toString())
                        .build())
                .toList();
    }
}

package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.JobEvent.Image;
import dev.flujo.runner.executor.RefusedException;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStateTest {

    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @CsvSource({"registry.example/jdk@", "docker-pullable://jdk@", "''", "docker://"})
    void knowsTheDigestHoweverTheNodeWritesIt(String before) {
        Pod pod = with(status().withImageID(before + DIGEST)
                .withState(new ContainerStateBuilder()
                        .withNewRunning("2026-11-24T12:00:01Z")
                        .build()));

        assertEquals(Optional.of(new Image("jdk:17", DIGEST)), PodState.image(pod, "jdk:17"));
        assertTrue(PodState.settled(pod, false));
        assertFalse(PodState.ended(pod));
    }

    @Test
    void waitsWhileAnImageIsPulled() {
        assertFalse(PodState.settled(waiting("ContainerCreating", null), false));
    }

    @ParameterizedTest
    @CsvSource({"ErrImagePull,pull the image jdk:17", "CreateContainerError,start a container of jdk:17"})
    void saysWhatAnotherAttemptMayGet(String reason, String tried) throws RefusedException {
        Pod pod = waiting(reason, "no route to host");

        assertTrue(PodState.settled(pod, false));
        IOException trouble = PodState.trouble(pod, "jdk:17");
        assertEquals(
                "Expected the cluster to " + tried + ", but it refused: " + reason + ": no route to host",
                trouble.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"InvalidImageName", "ErrImageNeverPull"})
    void refusesAnImageThatNoAttemptGets(String reason) {
        Pod pod = waiting(reason, "not on this node");

        RefusedException refused = assertThrows(RefusedException.class, () -> PodState.trouble(pod, "jdk:17"));
        assertEquals(
                "Expected the image jdk:17 on the job's node, but " + reason + ": not on this node",
                refused.getMessage());
    }

    @Test
    void waitsForANodeAsLongAsItMay() {
        Pod pod = pod(new PodStatusBuilder()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .endCondition());

        assertTrue(PodState.settled(pod, false));
        assertFalse(PodState.settled(pod, true));
    }

    @Test
    void saysThatAnImageHasNoBash() throws RefusedException {
        Pod pod = ended("StartError", 128, "exec: \"bash\": not found");

        assertTrue(PodState.settled(pod, false));
        assertEquals(
                "Expected the pod of the job to wait for its steps, but the first process of its pod has ended with 128:"
                        + " StartError: exec: \"bash\": not found; see that the image jdk:17 has bash 5",
                PodState.trouble(pod, "jdk:17").getMessage());
    }

    @Test
    void saysWhyAPodWasTakenAway() {
        Pod evicted = pod(new PodStatusBuilder()
                .withPhase("Failed")
                .withReason("Evicted")
                .withMessage("The node was low on resource: memory."));
        Pod preempted = pod(new PodStatusBuilder()
                .withPhase("Running")
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason("PreemptionByScheduler")
                .endCondition());

        assertTrue(PodState.ended(evicted));
        assertEquals("its pod has failed: Evicted: The node was low on resource: memory.", PodState.why(evicted));
        assertEquals("its pod was taken away: PreemptionByScheduler", PodState.why(preempted));
    }

    @Test
    void knowsThatMemoryWasUsedUp() {
        assertTrue(PodState.ranOutOfMemory(ended("OOMKilled", 137, null)));
        assertFalse(PodState.ranOutOfMemory(ended("Error", 137, null)));
    }

    private static Pod waiting(String reason, String message) {
        return with(status().withState(new ContainerStateBuilder()
                .withNewWaiting(message, reason)
                .build()));
    }

    private static Pod ended(String reason, int code, String message) {
        return with(status().withState(new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(code)
                .withReason(reason)
                .withMessage(message)
                .endTerminated()
                .build()));
    }

    private static ContainerStatusBuilder status() {
        return new ContainerStatusBuilder().withName("job");
    }

    private static Pod with(ContainerStatusBuilder container) {
        return pod(new PodStatusBuilder().withPhase("Running").withContainerStatuses(container.build()));
    }

    private static Pod pod(PodStatusBuilder status) {
        return new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withStatus(status.build())
                .build();
    }
}

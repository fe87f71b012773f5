package dev.flujo.runner.executor.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.RanOut;
import dev.flujo.runner.executor.Execution.Transition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PodExecutionTest {

    private static final Transition BEGAN = new Transition.StepBegan(1, Instant.EPOCH);
    private static final Transition ENDED = new Transition.StepEnded(1, 0, Instant.EPOCH);
    private static final Transition VANISHED = new Transition.Vanished();

    @Test
    void endsTheStepByWhichTheMemoryOfItsPodWasUsedUp() throws Exception {
        Execution execution = execution(pod("OOMKilled"), BEGAN, VANISHED);
        assertEquals(BEGAN, execution.next());

        Transition.StepEnded ended = assertInstanceOf(Transition.StepEnded.class, execution.next());

        assertEquals(1, ended.step());
        assertEquals(137, ended.exitCode());
        assertEquals(Optional.of(RanOut.MEMORY), ended.ranOut());
        assertInstanceOf(Transition.Ended.class, execution.next());
    }

    @Test
    void blamesNoStepForWhatHappensBetweenSteps() throws Exception {
        Execution execution = execution(pod("OOMKilled"), BEGAN, ENDED, VANISHED);
        execution.next();
        execution.next();

        assertInstanceOf(Transition.Vanished.class, execution.next());
    }

    @Test
    void saysWhatTheClusterSaysOfAPodThatVanished() throws Exception {
        Execution execution = execution(pod("Error"), BEGAN, VANISHED);
        execution.next();

        assertEquals(
                new Transition.Vanished(Optional.of("the first process of its pod has ended with 137: Error")),
                execution.next());
    }

    @Test
    void knowsNoReasonWhereNobodyHasSeenThePod() throws Exception {
        assertEquals(VANISHED, execution(Optional.empty(), VANISHED).next());
    }

    private static Execution execution(Optional<Pod> pod, Transition... told) {
        Queue<Transition> left = new ArrayDeque<>(List.of(told));
        Execution supervised = new Execution() {
            @Override
            public Transition next() {
                return left.remove();
            }

            @Override
            public void stop(Duration patience) {
                left.clear();
            }
        };
        return new PodExecution(supervised, () -> pod);
    }

    private static Optional<Pod> pod(String reason) {
        return Optional.of(new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewStatus()
                .withPhase("Failed")
                .addNewContainerStatus()
                .withName("job")
                .withNewState()
                .withNewTerminated()
                .withExitCode(137)
                .withReason(reason)
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
    }
}

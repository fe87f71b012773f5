package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.executor.Execution.RanOut;
import dev.flujo.runner.executor.Execution.Transition.StepEnded;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EndTest {

    private final Step step = new Step("make", "make", Map.of());

    @Test
    void aStepFailsByItsExitCode() {
        assertEquals(
                End.of(Outcome.FAILED, "step 'make' ended with exit code 2", "exit:2"),
                End.of(step, ended(2, Optional.empty()), false));
    }

    @Test
    void whatTheJobRanOutOfSaysMoreThanTheExitCode() {
        assertEquals(
                End.of(
                        Outcome.FAILED,
                        "the job needed more memory than it may have: step 'make' ended with exit code 137",
                        "resource-limit"),
                End.of(step, ended(137, Optional.of(RanOut.MEMORY)), false));
        assertEquals(
                End.of(
                        Outcome.FAILED,
                        "the job needed more processes than it may have: step 'make' ended with exit code 2",
                        "resource-limit"),
                End.of(step, ended(2, Optional.of(RanOut.PROCESSES)), true));
        assertEquals(
                End.of(
                        Outcome.FAILED,
                        "the disk that the job writes to is full: step 'make' ended with exit code 1",
                        "disk-full"),
                End.of(step, ended(1, Optional.empty()), true));
    }

    @Test
    void aTimeoutIsOneWhateverElseThereIs() {
        Step limited = new Step(
                "slow",
                "sleep 9",
                Map.of(),
                new Step.Settings(
                        Condition.NONE,
                        false,
                        Optional.of(Duration.ofSeconds(3)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of()));

        assertEquals(
                End.of(Outcome.FAILED, "step 'slow' ran longer than its timeout of 3 s", "timeout"),
                End.of(limited, ended(124, Optional.of(RanOut.MEMORY)), true));
    }

    @Test
    void aFullDiskIsTheJobsFaultOnlyOnceItHasBegun() {
        IOException full = new IOException("No space left on device");

        assertEquals(Outcome.FAILED, End.of(full, true, true).outcome());
        assertEquals(Optional.of("disk-full"), End.of(full, true, true).failure());
        assertEquals(Outcome.ERRORED, End.of(full, true, false).outcome());
        assertEquals(Optional.empty(), End.of(full, false, true).failure());
    }

    private static StepEnded ended(int code, Optional<RanOut> ranOut) {
        return new StepEnded(0, code, Instant.EPOCH, ranOut);
    }
}

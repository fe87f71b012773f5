package dev.flujo.runner;

import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.RanOut;
import dev.flujo.runner.executor.Execution.Transition.StepEnded;
import java.time.Duration;
import java.util.Optional;

/** How the steps of an attempt ended, and why if not well; the failure is a word that {@code retry} knows. */
record End(Outcome outcome, Optional<String> reason, Optional<String> failure) {

    private static final String DISK_FULL = "disk-full";
    private static final String RESOURCE_LIMIT = "resource-limit";

    static End of(Outcome outcome, String reason) {
        return new End(outcome, Optional.of(reason), Optional.empty());
    }

    static End of(Outcome outcome, String reason, String failure) {
        return new End(outcome, Optional.of(reason), Optional.of(failure));
    }

    static End well() {
        return new End(Outcome.SUCCEEDED, Optional.empty(), Optional.empty());
    }

    /** What the failure of a step makes of its job; what it ran out of says more than an exit code. */
    static End of(Step step, StepEnded ended, boolean diskFull) {
        Optional<Duration> limit = step.settings().timeout().filter(time -> ended.exitCode() == Execution.TOO_LONG);
        if (limit.isPresent()) {
            return of(
                    Outcome.FAILED,
                    "step '" + step.name() + "' ran longer than its timeout of "
                            + limit.get().toSeconds() + " s",
                    "timeout");
        }
        String code = "step '" + step.name() + "' ended with exit code " + ended.exitCode();
        if (ended.ranOut().isPresent()) {
            return of(Outcome.FAILED, ranOut(ended.ranOut().get()) + ": " + code, RESOURCE_LIMIT);
        }
        return diskFull
                ? of(Outcome.FAILED, "the disk that the job writes to is full: " + code, DISK_FULL)
                : of(Outcome.FAILED, code, "exit:" + ended.exitCode());
    }

    /** What the runner's own failure makes of a job: a disk that was not full before the job began is full by it. */
    static End of(Exception failure, boolean diskFull, boolean begun) {
        if (diskFull) {
            return of(
                    begun ? Outcome.FAILED : Outcome.ERRORED,
                    "the disk that the job writes to is full: " + failure.getMessage(),
                    DISK_FULL);
        }
        return of(Outcome.ERRORED, "the runner could not execute the job: " + failure.getMessage());
    }

    private static String ranOut(RanOut what) {
        return switch (what) {
            case MEMORY -> "the job needed more memory than it may have";
            case PROCESSES -> "the job needed more processes than it may have";
        };
    }
}

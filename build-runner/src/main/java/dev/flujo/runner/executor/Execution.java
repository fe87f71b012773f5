package dev.flujo.runner.executor;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Steps in the course of being executed. */
public interface Execution {

    /** The exit code of a step that ran longer than its own timeout, as coreutils' timeout has it. */
    int TOO_LONG = 124;

    /** What happens to the steps of an attempt. */
    sealed interface Transition {

        /** The step's command runs. */
        record StepBegan(int step, Instant at) implements Transition {}

        /** The step's command has ended with this exit code, and before that the job had run out of something. */
        record StepEnded(int step, int exitCode, Instant at, Optional<RanOut> ranOut) implements Transition {

            /** A step of a job that had enough of everything. */
            public StepEnded(int step, int exitCode, Instant at) {
                this(step, exitCode, at, Optional.empty());
            }
        }

        /** No step follows. */
        record Ended() implements Transition {}

        /** The steps are gone without a word: the machine restarted, or somebody killed their supervisor; why, if it is known. */
        record Vanished(Optional<String> why) implements Transition {

            /** What nobody knows the reason of. */
            public Vanished() {
                this(Optional.empty());
            }
        }
    }

    /** What a job may have only so much of, and had all of. */
    enum RanOut {
        MEMORY,
        PROCESSES
    }

    /** Waits for what happens next; refused is what turns out not to be there for the steps, such as a service. */
    Transition next() throws RefusedException, IOException, InterruptedException;

    /**
     * Ends every process of the attempt: asks first, and after the patience ends them for good. Returns when none is left.
     */
    void stop(Duration patience);
}

package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What the orchestrator tells a runner. */
public sealed interface AssignmentEvent extends Event {

    String runner();

    Attempt attempt();

    @Override
    default String subject() {
        return attempt().id();
    }

    /**
     * This attempt is the runner's to execute. A runner that does not know the attempt yet and reads this more than
     * {@code leaseSeconds} after it was written leaves it alone: by then the orchestrator has taken it back. When that was,
     * {@code assignedAt} says by the orchestrator's clock, which may be another one than the runner's.
     */
    record WorkAssigned(String runner, Work work, Instant assignedAt, int leaseSeconds) implements AssignmentEvent {

        public WorkAssigned {
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(work, "work");
            Objects.requireNonNull(assignedAt, "assignedAt");
        }

        @Override
        public Attempt attempt() {
            return work.attempt();
        }
    }

    /** Stop this attempt: end its whole process tree and report it cancelled. */
    record WorkStopped(String runner, String project, Attempt attempt, String reason) implements AssignmentEvent {

        public WorkStopped {
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The job that an analysis of a deployment has asked has ended, or could not be asked.
     *
     * @param attempt the attempt that deploys
     * @param run the run in which the job was to answer
     * @param outcome how it ended; ERRORED where there was none, and {@code reason} says why
     */
    record AnalysisAnswered(String runner, Attempt attempt, UUID run, Outcome outcome, Optional<String> reason)
            implements AssignmentEvent {

        public AnalysisAnswered {
            Objects.requireNonNull(runner, "runner");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(outcome, "outcome");
            reason = reason == null ? Optional.empty() : reason;
        }
    }
}

package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;

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
}

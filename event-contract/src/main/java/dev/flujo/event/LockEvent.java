package dev.flujo.event;

import java.util.Objects;
import java.util.Optional;

/** One environment or concurrency group of a project: who holds it, who waits for it. */
public sealed interface LockEvent extends Event {

    String project();

    String lock();

    Attempt attempt();

    @Override
    default String subject() {
        return project() + "/" + lock();
    }

    /** The attempt wants the lock. */
    record LockRequested(String project, String lock, Attempt attempt) implements LockEvent {

        public LockRequested {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(attempt, "attempt");
        }
    }

    /** The attempt waits for the lock behind its holder. */
    record LockQueued(String project, String lock, Attempt attempt, Optional<Attempt> holder) implements LockEvent {

        public LockQueued {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(attempt, "attempt");
            holder = holder == null ? Optional.empty() : holder;
        }
    }

    /** The attempt holds the lock now. */
    record LockAcquired(String project, String lock, Attempt attempt) implements LockEvent {

        public LockAcquired {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(attempt, "attempt");
        }
    }

    /** The attempt holds the lock no more, or waits for it no more. */
    record LockReleased(String project, String lock, Attempt attempt) implements LockEvent {

        public LockReleased {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(attempt, "attempt");
        }
    }
}

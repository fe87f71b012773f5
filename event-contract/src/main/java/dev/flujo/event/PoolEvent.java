package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What is asked of a pool of runners: slots by runs, and by people how many a project may have. */
public sealed interface PoolEvent extends Event {

    String pool();

    /**
     * This work wants a slot.
     *
     * @param lock what the attempt or its run holds, if anything; then the run must know at once who has the attempt
     */
    record SlotRequested(String pool, Work work, Instant requestedAt, Optional<String> lock) implements PoolEvent {

        public SlotRequested {
            lock = lock == null ? Optional.empty() : lock;
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(work, "work");
            Objects.requireNonNull(requestedAt, "requestedAt");
        }

        /** Work that holds no lock. */
        public SlotRequested(String pool, Work work, Instant requestedAt) {
            this(pool, work, requestedAt, Optional.empty());
        }

        public Attempt attempt() {
            return work.attempt();
        }

        @Override
        public String subject() {
            return attempt().id();
        }
    }

    /** The attempt has ended or shall not start: its slot, or its place in the queue, is free. */
    record SlotReleased(String pool, Attempt attempt) implements PoolEvent {

        public SlotReleased {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(attempt, "attempt");
        }

        @Override
        public String subject() {
            return attempt.id();
        }
    }

    /** The runner that has the attempt shall stop it. The slot stays taken until the attempt has ended. */
    record StopRequested(String pool, String project, Attempt attempt, String reason) implements PoolEvent {

        public StopRequested {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public String subject() {
            return attempt.id();
        }
    }

    /** From now on projects may have so many of the pool's slots; what has a slot keeps it. */
    record LimitsSet(String pool, PoolLimits limits, String by) implements PoolEvent {

        public LimitsSet {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(limits, "limits");
            Objects.requireNonNull(by, "by");
        }

        @Override
        public String subject() {
            return pool;
        }
    }
}

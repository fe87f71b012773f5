package dev.flujo.event;

import dev.flujo.event.plan.Concurrency;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One environment or concurrency group of a project: who holds it, who waits for it. Where there is an attempt it is that
 * attempt's, else the run's as a whole.
 */
public sealed interface LockEvent extends Event {

    String project();

    String lock();

    UUID run();

    Optional<Attempt> attempt();

    @Override
    default String subject() {
        return project() + "/" + lock();
    }

    /** Whose event it is. */
    default Claim claim() {
        return new Claim(run(), attempt());
    }

    /**
     * Somebody wants the lock.
     *
     * @param age how old what an environment is wanted for is: nothing older may follow on something newer
     * @param group what the concurrency group says of its members; nothing for an environment, which is held by one at a time
     */
    record LockRequested(
            String project,
            String lock,
            UUID run,
            Optional<Attempt> attempt,
            Optional<Concurrency> group,
            Optional<Instant> age)
            implements LockEvent {

        public LockRequested {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            group = group == null ? Optional.empty() : group;
            age = age == null ? Optional.empty() : age;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
        }

        public LockRequested(String project, String lock, Claim claim, Optional<Concurrency> group) {
            this(project, lock, claim.run(), claim.attempt(), group, Optional.empty());
        }

        /** An attempt's wish for an environment. */
        public LockRequested(String project, String lock, Attempt attempt, Optional<Instant> age) {
            this(project, lock, attempt.run(), Optional.of(attempt), Optional.empty(), age);
        }
    }

    /**
     * It waits for the lock.
     *
     * @param holder who holds it, or one of those
     * @param place how manieth it is of those that wait
     */
    record LockQueued(
            String project,
            String lock,
            UUID run,
            Optional<Attempt> attempt,
            Optional<Claim> holder,
            Optional<Integer> place)
            implements LockEvent {

        public LockQueued {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            holder = holder == null ? Optional.empty() : holder;
            place = place == null ? Optional.empty() : place;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
        }

        public LockQueued(String project, String lock, Claim claim, Optional<Claim> holder, int place) {
            this(project, lock, claim.run(), claim.attempt(), holder, Optional.of(place));
        }
    }

    /** It holds the lock now. */
    record LockAcquired(String project, String lock, UUID run, Optional<Attempt> attempt) implements LockEvent {

        public LockAcquired {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
        }

        public LockAcquired(String project, String lock, Claim claim) {
            this(project, lock, claim.run(), claim.attempt());
        }
    }

    /**
     * It holds the lock no more, or waits for it no more.
     *
     * @param left how old what it leaves in the environment is, if it has succeeded with that
     */
    record LockReleased(String project, String lock, UUID run, Optional<Attempt> attempt, Optional<Instant> left)
            implements LockEvent {

        public LockReleased {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            left = left == null ? Optional.empty() : left;
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
        }

        public LockReleased(String project, String lock, Claim claim, Optional<Instant> left) {
            this(project, lock, claim.run(), claim.attempt(), left);
        }
    }

    /** A newer one is to have its place: what waited waits no more, what goes on is to end. */
    record LockSuperseded(String project, String lock, UUID run, Optional<Attempt> attempt, Claim by)
            implements LockEvent {

        public LockSuperseded {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(by, "by");
        }

        public LockSuperseded(String project, String lock, Claim claim, Claim by) {
            this(project, lock, claim.run(), claim.attempt(), by);
        }
    }

    /** It does not get the environment: {@code by} has left something newer there. */
    record LockRefused(String project, String lock, UUID run, Optional<Attempt> attempt, Claim by)
            implements LockEvent {

        public LockRefused {
            attempt = attempt == null ? Optional.empty() : attempt;
            run = runOf(run, attempt);
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(lock, "lock");
            Objects.requireNonNull(by, "by");
        }

        public LockRefused(String project, String lock, Claim claim, Claim by) {
            this(project, lock, claim.run(), claim.attempt(), by);
        }
    }

    /** Older events name the attempt only. */
    private static UUID runOf(UUID run, Optional<Attempt> attempt) {
        return run == null
                ? attempt.orElseThrow(() -> new NullPointerException("run")).run()
                : run;
    }
}

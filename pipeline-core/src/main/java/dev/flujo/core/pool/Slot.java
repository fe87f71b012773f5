package dev.flujo.core.pool;

import dev.flujo.event.Attempt;
import dev.flujo.event.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Work in a pool: waiting, or with a runner since {@code assignedAt}. {@code taken} says that the runner has said to have
 * it, {@code stopped} that the runner was told to stop it. {@code chainId} is carried along for the events that follow.
 *
 * @param lock what the attempt or its run holds, if anything
 */
public record Slot(
        Work work,
        UUID chainId,
        Instant requestedAt,
        Optional<String> runner,
        Optional<Instant> assignedAt,
        boolean taken,
        boolean stopped,
        Optional<String> lock)
        implements Comparable<Slot> {

    public Slot {
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(chainId, "chainId");
        Objects.requireNonNull(requestedAt, "requestedAt");
        runner = runner == null ? Optional.empty() : runner;
        assignedAt = assignedAt == null ? Optional.empty() : assignedAt;
        lock = lock == null ? Optional.empty() : lock;
    }

    /** What one step of priority is worth: with it a job is as if it had asked so much earlier. */
    public static final Duration STEP = Duration.ofMinutes(1);

    public Attempt attempt() {
        return work.attempt();
    }

    public String project() {
        return work.project();
    }

    /** What its runner must have. */
    Set<String> labels() {
        return Set.copyOf(work.job().placement().labels());
    }

    /** The same after the clock was set by so much. */
    public Slot shifted(Duration leap) {
        return new Slot(
                work,
                chainId,
                requestedAt.plus(leap),
                runner,
                assignedAt.map(at -> at.plus(leap)),
                taken,
                stopped,
                lock);
    }

    Slot assigned(String toRunner, Instant at) {
        return new Slot(work, chainId, requestedAt, Optional.of(toRunner), Optional.of(at), false, false, lock);
    }

    /** The same, with a whole lease from now for its runner to say that it has it. */
    Slot waitedFor(Instant now) {
        return runner.isEmpty() || taken
                ? this
                : new Slot(work, chainId, requestedAt, runner, Optional.of(now), false, stopped, lock);
    }

    Slot takenUp() {
        return new Slot(work, chainId, requestedAt, runner, assignedAt, true, stopped, lock);
    }

    Slot nowStopped() {
        return new Slot(work, chainId, requestedAt, runner, assignedAt, taken, true, lock);
    }

    /** Who asked first is first; more priority counts as having asked earlier, so that everybody's time comes. */
    @Override
    public int compareTo(Slot other) {
        int byTime = due().compareTo(other.due());
        return byTime != 0 ? byTime : attempt().compareTo(other.attempt());
    }

    private Instant due() {
        return requestedAt.minus(STEP.multipliedBy(work.job().placement().priority()));
    }
}

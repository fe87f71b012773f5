package dev.flujo.core.run;

import dev.flujo.event.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Where one job of a run stands: its phase, its newest attempt (0 before the first), the runner that has it, how
 * many step events that attempt has had, its outcome once it has ended, and who has consented to it.
 *
 * @param outdatedBy the run that has left something newer in its environment while it waited for consent
 * @param over when somebody said that it may follow on something newer
 */
public record JobState(
        Phase phase,
        int attempt,
        Optional<String> runner,
        int progress,
        Optional<Outcome> outcome,
        List<String> approvals,
        Optional<UUID> outdatedBy,
        Optional<Instant> over) {

    /** The phases of a job, in the order in which they can follow each other. */
    public enum Phase {
        /** Something it needs has not ended. */
        WAITING,
        /** It waits for people's consent. */
        APPROVING,
        /** An attempt has ended, and another one follows after a pause. */
        PAUSED,
        /** It waits for its environment's lock. */
        LOCKING,
        /** It waits for a slot of its pool. */
        QUEUED,
        /** A runner has it, and has not begun. */
        ASSIGNED,
        RUNNING,
        /** It has been told to stop, and has not ended. */
        STOPPING,
        ENDED
    }

    static final JobState WAITING = new JobState(
            Phase.WAITING, 0, Optional.empty(), 0, Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public JobState {
        Objects.requireNonNull(phase, "phase");
        runner = runner == null ? Optional.empty() : runner;
        outcome = outcome == null ? Optional.empty() : outcome;
        approvals = approvals == null ? List.of() : List.copyOf(approvals);
        outdatedBy = outdatedBy == null ? Optional.empty() : outdatedBy;
        over = over == null ? Optional.empty() : over;
    }

    public boolean ended() {
        return phase == Phase.ENDED;
    }

    /** Whether the next attempt has not begun to wait for a slot or lock. */
    boolean waiting() {
        return phase == Phase.WAITING || phase == Phase.APPROVING || phase == Phase.PAUSED;
    }

    /** Whether it has an attempt under way: one that waits for a lock or slot, or that a runner has. */
    boolean active() {
        return phase == Phase.LOCKING || phase == Phase.QUEUED || withRunner();
    }

    /** Whether a runner has the attempt. */
    public boolean withRunner() {
        return phase == Phase.ASSIGNED || phase == Phase.RUNNING || phase == Phase.STOPPING;
    }

    boolean succeeded() {
        return outcome.isPresent() && outcome.get() == Outcome.SUCCEEDED;
    }

    JobState in(Phase next) {
        return new JobState(next, attempt, runner, progress, outcome, approvals, outdatedBy, over);
    }

    JobState next(Phase next, int newAttempt) {
        return new JobState(next, newAttempt, Optional.empty(), 0, Optional.empty(), approvals, outdatedBy, over);
    }

    JobState with(Phase next, String newRunner) {
        return new JobState(next, attempt, Optional.of(newRunner), progress, outcome, approvals, outdatedBy, over);
    }

    JobState progressed(int to) {
        return new JobState(phase, attempt, runner, to, outcome, approvals, outdatedBy, over);
    }

    JobState approved(Phase next, String by) {
        List<String> more = new ArrayList<>(approvals);
        more.add(by);
        return new JobState(next, attempt, runner, progress, outcome, more, outdatedBy, over);
    }

    JobState ended(Outcome result) {
        return new JobState(Phase.ENDED, attempt, runner, progress, Optional.of(result), approvals, outdatedBy, over);
    }

    JobState outdated(UUID by) {
        return new JobState(phase, attempt, runner, progress, outcome, approvals, Optional.of(by), over);
    }

    JobState over(Instant at) {
        return new JobState(phase, attempt, runner, progress, outcome, approvals, outdatedBy, Optional.of(at));
    }
}

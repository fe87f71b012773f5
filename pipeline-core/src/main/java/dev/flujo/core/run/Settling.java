package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.plan.Cells;
import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Everything that follows from how the jobs of a run now stand: skips, starts, cells of matrices, and the end of the run. */
final class Settling {

    private final Draft draft;
    private final Set<String> asked;
    private Needs needs;

    Settling(Draft draft) {
        this.draft = draft;
        this.asked = AnalysisRun.asked(draft.run().plan());
    }

    Decision settle() {
        if (waits()) {
            return draft.accepted();
        }
        boolean changed = !draft.run().ended() && !draft.run().quarantined();
        while (changed) {
            changed = false;
            needs = new Needs(draft::run);
            for (Job job : draft.run().plan().jobs()) {
                changed |= advance(job);
            }
        }
        Run current = draft.run();
        if (!current.ended()
                && !current.quarantined()
                && current.jobs().values().stream().allMatch(JobState::ended)) {
            draft.emit(
                    new RunFinished(current.project(), current.id(), current.pipeline(), outcome(), Optional.empty()));
        }
        return draft.accepted();
    }

    /** Whether nothing of the run begins yet: somebody has to let it, or others of its concurrency group are before it. */
    private boolean waits() {
        Run current = draft.run();
        if (current.cancelling() || current.ended() || current.quarantined()) {
            return false;
        }
        if (!current.held() && current.awaitsTurn() && current.turn().isEmpty()) {
            return askForTurn();
        }
        return current.held() || current.awaitsTurn();
    }

    private boolean askForTurn() {
        Run current = draft.run();
        try {
            LockWish wish = new RunValues(current).turn().orElseThrow();
            draft.emit(wish.of(current.project(), Claim.of(current.id())));
        } catch (Evaluation.Failure e) {
            current.plan().jobs().forEach(job -> skip(job, "the run cannot take its turn"));
            draft.emit(new RunFinished(
                    current.project(),
                    current.id(),
                    current.pipeline(),
                    Outcome.FAILED,
                    Optional.of(String.valueOf(e.getMessage()))));
        }
        return true;
    }

    private boolean advance(Job job) {
        JobState state = draft.job(job.id());
        if (state == null || state.ended()) {
            return false;
        }
        if (draft.run().cancelling()) {
            return !state.active() && skip(job, "the run was cancelled");
        }
        if (job.cell().isPresent() && job.cell().get().failFast()) {
            Optional<String> failed =
                    needs.siblings(job).stream().filter(id -> needs.failed(id)).findFirst();
            if (failed.isPresent()) {
                return endEarly(job, state, "cell '" + failed.get() + "' of its matrix failed");
            }
        }
        return state.phase() == Phase.WAITING && begin(job);
    }

    /** Ends what has not ended by itself: what a runner has is stopped, anything else is skipped. */
    private boolean endEarly(Job job, JobState state, String reason) {
        if (state.phase() == Phase.STOPPING) {
            return false;
        }
        if (!state.withRunner()) {
            return skip(job, reason);
        }
        draft.emit(new JobStopping(draft.run().project(), draft.run().attempt(job.id()), reason));
        return true;
    }

    private boolean begin(Job job) {
        if (asked.stream().anyMatch(name -> Needs.cameOutOf(job.id(), name))) {
            return skip(job, "it runs when the analysis of a deployment asks it");
        }
        Condition condition = job.gate().condition();
        if (!Needs.comesLast(job)) {
            Optional<String> missed = needs.missed(job);
            if (missed.isPresent()) {
                return skip(job, "it needs job '" + missed.get() + "', which did not succeed");
            }
        }
        if (!needs.ended(job)) {
            return false;
        }
        if (condition.onFailure() && !needs.failedBefore(job)) {
            return skip(job, "nothing before it failed");
        }
        try {
            return begin(job, condition);
        } catch (Evaluation.Failure | Cells.Refused e) {
            Attempt attempt = next(job);
            String reason = new RunValues(draft.run()).explained(job, e.getMessage());
            draft.emit(draft.finished(attempt, Outcome.FAILED, "expression", reason));
            return true;
        }
    }

    private boolean begin(Job job, Condition condition) {
        RunValues values = new RunValues(draft.run());
        if (job.matrix().isPresent()) {
            return expand(job, values);
        }
        boolean refused = condition.expression().isPresent()
                && !values.context()
                        .of(job, values.needs(job))
                        .holds(condition.expression().get());
        if (refused) {
            return skip(job, "its `if` is false: " + condition.expression().get());
        }
        if (job.cell().isPresent() && full(job)) {
            return false;
        }
        values.work(job);
        values.locks(job);
        Optional<Approval> approval = job.gate().approval().filter(wanted -> !approved(job, wanted));
        if (approval.isPresent()) {
            Instant until = draft.now().plus(approval.get().expires());
            draft.emit(new ApprovalRequested(draft.run().project(), next(job), approval.get(), until));
            return true;
        }
        queue(job);
        return true;
    }

    private boolean approved(Job job, Approval approval) {
        return draft.job(job.id()).approvals().size() >= approval.count();
    }

    /** Whether as many cells of the matrix are under way as may be at once. */
    private boolean full(Job cell) {
        int most = cell.cell().orElseThrow().maxParallel();
        return most > 0
                && needs.siblings(cell).stream()
                                .filter(id -> draft.job(id).active())
                                .count()
                        >= most;
    }

    private boolean expand(Job job, RunValues values) {
        Evaluation evaluation = values.context().of(job, values.needs(job));
        Matrix matrix = Cells.computed(job.matrix().orElseThrow(), evaluation);
        int cells = Cells.jobs(Cells.withMatrix(job, matrix)).size();
        Run current = draft.run();
        if (current.jobs().size() - 1 + cells > Limits.JOBS) {
            draft.emit(draft.finished(
                    next(job),
                    Outcome.FAILED,
                    "expression",
                    "Expected at most " + Limits.JOBS + " jobs in a run, but with the " + cells
                            + " cells of this matrix there are more"));
            return true;
        }
        draft.emit(new RunExtended(
                current.project(), current.id(), current.pipeline(), job.id(), Optional.of(matrix), List.of()));
        needs = new Needs(draft::run);
        return true;
    }

    /** Asks for the job's first lock, or its slot at once where it needs none. */
    void queue(Job job) {
        ask(job, next(job), new RunValues(draft.run()).locks(job));
    }

    /** Asks for what an attempt needs after the lock that it has got. */
    void queueAfter(String lock, Attempt attempt) {
        Job job = draft.run().plan().job(attempt.job()).orElseThrow();
        List<LockWish> locks = new RunValues(draft.run()).locks(job);
        List<String> names = locks.stream().map(LockWish::lock).toList();
        ask(job, attempt, locks.subList(names.indexOf(lock) + 1, locks.size()));
    }

    private void ask(Job job, Attempt attempt, List<LockWish> locks) {
        String project = draft.run().project();
        Event asked = locks.isEmpty()
                ? new JobQueued(project, attempt, job.pool())
                : locks.get(0).of(project, Claim.of(attempt));
        draft.emit(asked);
    }

    private Attempt next(Job job) {
        return new Attempt(draft.run().id(), job.id(), draft.job(job.id()).attempt() + 1);
    }

    private boolean skip(Job job, String reason) {
        draft.emit(new JobSkipped(draft.run().project(), draft.run().attempt(job.id()), reason));
        return true;
    }

    private Outcome outcome() {
        Run current = draft.run();
        Needs ended = new Needs(draft::run);
        Outcome worst = Outcome.SKIPPED;
        for (String id : current.jobs().keySet()) {
            Outcome counted = ended.counted(id);
            worst = worst.worse(counted == Outcome.SKIPPED && current.cancelling() ? Outcome.CANCELLED : counted);
        }
        return worst == Outcome.SKIPPED ? Outcome.SUCCEEDED : worst;
    }
}

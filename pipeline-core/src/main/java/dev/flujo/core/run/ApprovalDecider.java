package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.ApprovalOutdated;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobRejected;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Approval;
import java.util.Optional;

/** The verdict on what people say to a job that waits for their consent, and on their silence. */
final class ApprovalDecider {

    private static final String USER = "user:";
    private static final String GROUP = "group:";

    private final Draft draft;

    ApprovalDecider(Draft draft) {
        this.draft = draft;
    }

    Decision answer(RunCommand.Answer answer) {
        Run run = draft.run();
        JobState state = run.job(answer.job());
        if (state == null) {
            return Decision.rejected(
                    Reason.JOB_UNKNOWN,
                    "Expected a job of run " + draft.id() + ", but it has no '" + answer.job() + "'");
        }
        if (run.ended()) {
            return Decision.rejected(
                    Reason.RUN_FINISHED,
                    "Expected a run that has not ended, but run " + draft.id() + " has "
                            + run.outcome().orElseThrow());
        }
        Optional<Approval> approval =
                run.plan().job(answer.job()).flatMap(job -> job.gate().approval());
        if (approval.isEmpty()) {
            return notWaiting(answer, "its definition asks for none");
        }
        Optional<String> barred = barred(answer, approval.get());
        if (barred.isPresent()) {
            return Decision.rejected(
                    Reason.NOT_ALLOWED,
                    "Expected somebody whose consent job '" + answer.job() + "' waits for, but " + barred.get());
        }
        if (answer.approved() && state.approvals().contains(answer.by())) {
            return Decision.accepted();
        }
        if (state.phase() != Phase.APPROVING) {
            return notWaiting(answer, because(state));
        }
        if (answer.approved() && state.outdatedBy().isPresent() && !answer.older()) {
            return Decision.rejected(
                    Reason.OUTDATED,
                    "Expected approval of what is newest, but run "
                            + state.outdatedBy().get() + " has left something newer in the environment of job '"
                            + answer.job() + "' since; go on with that run, or approve with 'older': true");
        }
        return answered(answer);
    }

    /** Another run has left something newer where the job is to work. */
    Decision outdate(RunCommand.Outdate outdate) {
        Run run = draft.run();
        Attempt attempt = outdate.attempt();
        JobState state = run.job(attempt.job());
        boolean waits = !run.ended()
                && state != null
                && state.phase() == JobState.Phase.APPROVING
                && attempt.number() == state.attempt() + 1;
        if (waits && !state.outdatedBy().equals(Optional.of(outdate.by()))) {
            draft.emit(new ApprovalOutdated(run.project(), attempt, outdate.environment(), outdate.by()));
        }
        return draft.accepted();
    }

    /** The time is over in which people could have consented. */
    Decision expired(Attempt attempt) {
        Run run = draft.run();
        JobState state = run.job(attempt.job());
        if (run.ended()
                || state == null
                || state.phase() != Phase.APPROVING
                || attempt.number() != state.attempt() + 1) {
            return Decision.accepted();
        }
        Approval approval =
                run.plan().job(attempt.job()).orElseThrow().gate().approval().orElseThrow();
        draft.emit(draft.finished(
                attempt,
                Outcome.FAILED,
                "expired",
                "it got " + state.approvals().size() + " of " + approval.count() + " approvals within "
                        + approval.expires().toSeconds() + " s"));
        return new Settling(draft).settle();
    }

    private Decision answered(RunCommand.Answer answer) {
        Run run = draft.run();
        Attempt attempt =
                new Attempt(run.id(), answer.job(), run.job(answer.job()).attempt() + 1);
        if (answer.approved()) {
            draft.emit(new JobApproved(
                    run.project(),
                    attempt,
                    answer.by(),
                    answer.comment(),
                    draft.now(),
                    answer.older() ? Optional.of(true) : Optional.empty()));
        } else {
            draft.emit(new JobRejected(run.project(), attempt, answer.by(), answer.comment(), draft.now()));
            draft.emit(draft.finished(
                    attempt,
                    Outcome.FAILED,
                    "rejected",
                    "rejected by " + answer.by()
                            + answer.comment().map(text -> ": " + text).orElse("")));
        }
        return new Settling(draft).settle();
    }

    private Decision notWaiting(RunCommand.Answer answer, String reason) {
        return Decision.rejected(
                Reason.NOT_WAITING,
                "Expected a job that waits for approval, but '" + answer.job() + "' does not: " + reason);
    }

    private static String because(JobState state) {
        return switch (state.phase()) {
            case WAITING ->
                state.approvals().isEmpty() ? "not all that it needs has ended" : "it has all the approvals it needs";
            case ENDED -> "it has ended";
            case APPROVING, PAUSED, LOCKING, QUEUED, ASSIGNED, RUNNING, STOPPING -> "it goes on already";
        };
    }

    /** Why this person's word does not count, if it does not. */
    private Optional<String> barred(RunCommand.Answer answer, Approval approval) {
        boolean named = approval.from().isEmpty()
                || approval.from().contains(USER + answer.by())
                || answer.groups().stream().anyMatch(group -> approval.from().contains(GROUP + group));
        if (!named) {
            return Optional.of("'" + answer.by() + "' is none of " + String.join(", ", approval.from()));
        }
        Run run = draft.run();
        if (approval.notAuthor() && answer.by().equalsIgnoreCase(run.cause().by())) {
            return Optional.of("'" + answer.by() + "' stands behind the start of the run, and 'not-author' is set");
        }
        boolean author =
                run.revision().author().filter(answer.by()::equalsIgnoreCase).isPresent();
        return approval.notAuthor() && author
                ? Optional.of("'" + answer.by() + "' is the author of the commit, and 'not-author' is set")
                : Optional.empty();
    }
}

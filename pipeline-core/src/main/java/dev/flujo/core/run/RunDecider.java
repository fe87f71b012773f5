package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunQueued;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The verdict on one command. */
final class RunDecider {

    private final Draft draft;

    RunDecider(Optional<Run> run, Instant now) {
        this.draft = new Draft(run, now);
    }

    Decision decide(RunCommand command) {
        if (command instanceof RunCommand.Begin begin) {
            return draft.known().isPresent() ? Decision.accepted() : begin(begin);
        }
        if (draft.known().isEmpty()) {
            return Decision.rejected(Reason.RUN_UNKNOWN, "Expected a run that exists, but there is none");
        }
        if (draft.run().quarantined() && !draft.run().ended()) {
            return Decision.rejected(
                    Reason.QUARANTINED, "Expected a run that is not in quarantine, but run " + draft.id() + " is");
        }
        if (command instanceof RunCommand.Report report) return new ReportDecider(draft).report(report.event());
        if (command instanceof RunCommand.DeployReport report) return new ReportDecider(draft).deploying(report);
        if (command instanceof RunCommand.LockSays lock) return new LockDecider(draft).says(lock.event());
        if (command instanceof RunCommand.GiveWay way) return new LockDecider(draft).givesWay(way);
        if (command instanceof RunCommand.Answer answer) return new ApprovalDecider(draft).answer(answer);
        if (command instanceof RunCommand.Outdate outdate) return new ApprovalDecider(draft).outdate(outdate);
        if (command instanceof RunCommand.Cancel cancel) return cancel(cancel.by(), cancel.reason());
        if (command instanceof RunCommand.TimeOut timeOut) return timeOut(timeOut);
        if (command instanceof RunCommand.RunTimeOut) return runTimeOut();
        if (command instanceof RunCommand.Approve approve) return new HoldDecider(draft).approve(approve);
        if (command instanceof RunCommand.Reject reject) return reject(reject);
        if (command instanceof RunCommand.HoldTimeOut) return holdTimeOut();
        if (command instanceof RunCommand.Quarantine quarantine) return quarantine(quarantine.reason());
        throw new AssertionError("unhandled command " + command);
    }

    private Decision begin(RunCommand.Begin begin) {
        RunQueued queued = begin.queued();
        draft.emit(queued);
        begin.hold()
                .ifPresent(hold -> draft.emit(new RunHeld(
                        queued.project(),
                        queued.run(),
                        queued.pipeline(),
                        hold.request(),
                        hold.commit(),
                        hold.reason())));
        begin.kept().extended().forEach(draft::emit);
        begin.kept().jobs().forEach(draft::emit);
        return new Settling(draft).settle();
    }

    private Decision reject(RunCommand.Reject reject) {
        return new HoldDecider(draft).refusal(reject.commit()).orElseGet(() -> {
            String why = reject.reason().map(reason -> ": " + reason).orElse("");
            return draft.run().held()
                    ? cancel(reject.by(), "rejected by " + reject.by() + why)
                    : Decision.rejected(
                            Reason.NOT_HELD,
                            "Expected to reject a run that waits for approval, but run " + draft.id()
                                    + " has been approved; cancel it");
        });
    }

    private Decision holdTimeOut() {
        return draft.run().held() && !draft.run().ended()
                ? cancel("flujo", "nobody approved it in time")
                : Decision.accepted();
    }

    /** What goes on in spite of an earlier end, since nothing but a person's word may stop it, ends with the next one. */
    private Decision cancel(String by, String reason) {
        Run current = draft.run();
        if (current.ended()) {
            return Decision.rejected(
                    Reason.RUN_FINISHED,
                    "Expected to cancel a run that has not ended, but run " + draft.id() + " has "
                            + current.outcome().orElseThrow());
        }
        return new Ending(draft).end(by, reason, job -> true);
    }

    private Decision runTimeOut() {
        Run current = draft.run();
        return current.ended()
                ? Decision.accepted()
                : cancel(
                        "flujo",
                        "the run took longer than its timeout of "
                                + current.plan()
                                        .timeout()
                                        .map(Duration::toSeconds)
                                        .orElse(0L) + " s");
    }

    private Decision quarantine(String reason) {
        Run current = draft.run();
        if (current.ended()) {
            return Decision.accepted();
        }
        return happen(new RunQuarantined(current.project(), current.id(), current.pipeline(), reason));
    }

    private Decision timeOut(RunCommand.TimeOut timeOut) {
        if (timeOut.limit() == RunCommand.Limit.APPROVAL) {
            return new ApprovalDecider(draft).expired(timeOut.attempt());
        }
        JobState state = draft.job(timeOut.attempt().job());
        if (draft.run().ended()
                || state == null
                || state.attempt() != timeOut.attempt().number()) {
            return Decision.accepted();
        }
        return switch (timeOut.limit()) {
            case EXECUTION -> state.withRunner() ? ranTooLong(timeOut.attempt(), state) : Decision.accepted();
            case QUEUE ->
                state.phase() == Phase.QUEUED || state.phase() == Phase.LOCKING
                        ? waitedTooLong(timeOut.attempt())
                        : Decision.accepted();
            case HOLD -> Decision.accepted();
            case PAUSE -> state.phase() == Phase.PAUSED ? tryAgain(timeOut.attempt()) : Decision.accepted();
            case APPROVAL -> throw new AssertionError("judged above");
        };
    }

    private Decision ranTooLong(Attempt attempt, JobState state) {
        Run current = draft.run();
        if (state.phase() != Phase.STOPPING) {
            return happen(new JobStopping(current.project(), attempt, "the job ran longer than its timeout"));
        }
        Outcome outcome = current.cancelling() ? Outcome.CANCELLED : Outcome.ERRORED;
        return happen(
                draft.finished(attempt, outcome, "platform", "the runner did not say that the attempt has stopped"));
    }

    private Decision waitedTooLong(Attempt attempt) {
        long seconds = draft.run()
                .plan()
                .job(attempt.job())
                .flatMap(job -> job.placement().queueTimeout())
                .map(Duration::toSeconds)
                .orElse(0L);
        return happen(draft.finished(
                attempt,
                Outcome.ERRORED,
                "platform",
                "the job waited longer for a runner than its queue-timeout of " + seconds + " s"));
    }

    private Decision tryAgain(Attempt attempt) {
        Settling settling = new Settling(draft);
        settling.queue(draft.run().plan().job(attempt.job()).orElseThrow());
        return settling.settle();
    }

    private Decision happen(Event event) {
        draft.emit(event);
        return new Settling(draft).settle();
    }
}

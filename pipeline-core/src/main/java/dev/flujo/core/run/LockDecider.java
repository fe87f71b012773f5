package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.lock.Circle;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockRefused;
import dev.flujo.event.LockEvent.LockSuperseded;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Concurrency;
import java.util.stream.Collectors;

/** The verdict on what a lock says to the run, or to one of its jobs, that wants or holds it. */
final class LockDecider {

    private final Draft draft;

    LockDecider(Draft draft) {
        this.draft = draft;
    }

    /** What is said to one that has gone on, or ended, since, changes nothing: it has given its place back. */
    Decision says(LockEvent event) {
        if (draft.run().ended()) {
            return Decision.rejected(Reason.RUN_FINISHED, "Expected a run that waits for " + event.lock());
        }
        return event.attempt().map(attempt -> toJob(event, attempt)).orElseGet(() -> toRun(event));
    }

    /** Somebody has to give way where runs wait for each other: the job that has asked last, since all others waited before it. */
    Decision givesWay(RunCommand.GiveWay way) {
        JobState state = draft.job(way.attempt().job());
        boolean waits = !draft.run().ended()
                && state.phase() == Phase.LOCKING
                && state.attempt() == way.attempt().number();
        if (!waits) {
            return Decision.accepted();
        }
        draft.emit(draft.finished(way.attempt(), Outcome.FAILED, Circle.REASON, reason(way.circle())));
        return new Settling(draft).settle();
    }

    private Decision toRun(LockEvent event) {
        Run current = draft.run();
        boolean its =
                current.turn().filter(turn -> turn.lock().equals(event.lock())).isPresent();
        if (event instanceof LockSuperseded superseded) {
            return its ? end(superseded) : Decision.accepted();
        }
        if (!its || !current.awaitsTurn()) {
            return Decision.accepted();
        }
        draft.emit(event);
        return new Settling(draft).settle();
    }

    /** A newer run is to have the place of this one; what must not be stopped by that goes on to its end. */
    private Decision end(LockSuperseded event) {
        draft.emit(event);
        return new Ending(draft).end("flujo", reason(event), job -> job.gate()
                .concurrency()
                .map(Concurrency::cancellable)
                .orElse(true));
    }

    private Decision toJob(LockEvent event, Attempt attempt) {
        JobState state = draft.job(attempt.job());
        if (state == null || state.ended() || state.attempt() != attempt.number()) {
            return Decision.accepted();
        }
        if (event instanceof LockSuperseded superseded) {
            return end(superseded, attempt, state);
        }
        if (state.phase() != Phase.LOCKING) {
            return Decision.accepted();
        }
        draft.emit(event);
        if (event instanceof LockRefused refused) {
            draft.emit(draft.finished(attempt, Outcome.CANCELLED, "outdated", reason(refused)));
            return new Settling(draft).settle();
        }
        if (event instanceof LockAcquired acquired) {
            new Settling(draft).queueAfter(acquired.lock(), attempt);
        } else if (!(event instanceof LockQueued)) {
            throw new AssertionError("unhandled event " + event);
        }
        return new Settling(draft).settle();
    }

    private Decision end(LockSuperseded event, Attempt attempt, JobState state) {
        if (state.phase() == Phase.STOPPING || !state.active()) {
            return Decision.accepted();
        }
        draft.emit(event);
        draft.emit(
                state.withRunner()
                        ? new JobStopping(draft.run().project(), attempt, reason(event))
                        : draft.finished(attempt, Outcome.CANCELLED, "superseded", reason(event)));
        return new Settling(draft).settle();
    }

    private String reason(Circle circle) {
        String chain = circle.links().stream()
                .map(link -> "concurrency group '" + name(link.lock()) + "', held by "
                        + (link.holder().equals(draft.run().id()) ? "this run" : "run " + link.holder()))
                .collect(Collectors.joining(", which waits for "));
        return "the job would wait for ever for " + chain
                + "; it asked last, so it gives way: let both ask for these groups in the same order";
    }

    private static String reason(LockRefused event) {
        return "run " + event.by().run() + " has left something newer in environment '" + name(event)
                + "'; do the run again with 'older': true to have this there nevertheless";
    }

    private static String name(LockEvent event) {
        return name(event.lock());
    }

    private static String name(String lock) {
        return lock.substring(lock.indexOf(':') + 1);
    }

    private static String reason(LockSuperseded event) {
        String by = event.by()
                .attempt()
                .map(attempt -> "job " + attempt.jobId())
                .orElseGet(() -> "run " + event.by().run());
        return by + " is newer in concurrency group '" + name(event) + "'";
    }
}

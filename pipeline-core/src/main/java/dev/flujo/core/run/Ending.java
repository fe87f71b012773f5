package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.plan.Job;
import java.util.function.Predicate;

/** The end of a run before its time. */
final class Ending {

    private final Draft draft;

    Ending(Draft draft) {
        this.draft = draft;
    }

    /** Stops what runners have, as far as it may be, and skips the rest. */
    Decision end(String by, String reason, Predicate<Job> mayStop) {
        Run current = draft.run();
        if (!current.cancelling()) {
            draft.emit(new RunCancelling(current.project(), current.id(), current.pipeline(), by, reason));
        }
        for (Job job : current.plan().jobs()) {
            JobState state = current.job(job.id());
            if (state.withRunner() && state.phase() != Phase.STOPPING && mayStop.test(job)) {
                draft.emit(new JobStopping(current.project(), current.attempt(job.id()), reason));
            } else if (!state.ended() && !state.withRunner()) {
                draft.emit(new JobSkipped(current.project(), current.attempt(job.id()), "the run was cancelled"));
            }
        }
        return new Settling(draft).settle();
    }
}

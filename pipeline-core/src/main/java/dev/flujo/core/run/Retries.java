package dev.flujo.core.run;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Tolerance.Retry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Whether an attempt that went wrong is followed by another one. A deployment never is: it might have been applied. */
final class Retries {

    private static final String PLATFORM = "platform";
    private static final String FAILURE = "failure";
    private static final String EXIT = "exit:";

    /** Failures of steps of which more is known than the exit code. */
    private static final Set<String> WITH_A_REASON = Set.of("disk-full", "resource-limit");

    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    private final Draft draft;

    Retries(Draft draft) {
        this.draft = draft;
    }

    /** The attempt that follows on one that has ended, if its job asks for it. */
    Optional<JobRetrying> after(JobFinished finished) {
        Job job = job(finished.attempt());
        String failure = finished.failure().orElse(finished.outcome() == Outcome.ERRORED ? PLATFORM : FAILURE);
        boolean bad = finished.outcome() == Outcome.FAILED || finished.outcome() == Outcome.ERRORED;
        return job.tolerance()
                .retry()
                .filter(retry ->
                        bad && !draft.run().cancelling() && job.deploy().isEmpty())
                .filter(retry -> finished.attempt().number() <= retry.max() && matches(retry, failure))
                .map(retry -> retrying(finished.attempt(), retry, failure));
    }

    /** The attempt that follows on one whose runner is gone, where the job says how that is done. */
    Optional<JobRetrying> after(JobLost lost) {
        return policy(lost).map(retry -> retrying(lost.attempt(), retry, PLATFORM));
    }

    /** How many attempts a job gets whose runners are lost. */
    int mostAttempts(JobLost lost) {
        return policy(lost).map(retry -> retry.max() + 1).orElse(Run.MOST_ATTEMPTS);
    }

    private Optional<Retry> policy(JobLost lost) {
        return job(lost.attempt()).tolerance().retry().filter(retry -> matches(retry, PLATFORM));
    }

    private Job job(Attempt attempt) {
        return draft.run().plan().job(attempt.job()).orElseThrow();
    }

    private static boolean matches(Retry retry, String failure) {
        boolean exit = failure.startsWith(EXIT) || WITH_A_REASON.contains(failure);
        return retry.on().contains(failure) || (exit && retry.on().contains(FAILURE));
    }

    /** The pause doubles with each attempt. */
    private JobRetrying retrying(Attempt attempt, Retry retry, String failure) {
        Duration pause = retry.backoff();
        for (int i = 1; i < attempt.number() && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return new JobRetrying(
                draft.run().project(), attempt, failure, draft.now().plus(pause));
    }
}

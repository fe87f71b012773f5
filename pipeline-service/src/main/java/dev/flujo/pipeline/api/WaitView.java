package dev.flujo.pipeline.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run, or one of its jobs, waits for.
 *
 * @param job the job; none where the run waits as a whole
 * @param reason one word for it: approval, lock, matrix, need, orchestrator, outdated, person, retry, runner or slot
 * @param why the same as a sentence
 * @param link where to look at what it waits for
 * @param place how manieth it is in the queue
 * @param until when the waiting is over at the latest
 */
public record WaitView(
        Optional<String> job,
        String reason,
        String why,
        Optional<String> link,
        Optional<Integer> place,
        Optional<Instant> since,
        Optional<Instant> until) {

    WaitView at(Optional<Integer> newPlace) {
        return new WaitView(job, reason, why, link, newPlace, since, until);
    }
}

package dev.flujo.pipeline.api;

import java.time.Instant;
import java.util.Optional;

/**
 * What a run, or one of its jobs, waits for.
 *
 * @param job the job; none where the run waits as a whole
 * @param reason one word for it: approval, circle, limit, lock, matrix, need, orchestrator, outdated, person, retry, runner or slot
 * @param why the same as a sentence
 * @param link where to look at what it waits for
 * @param place how manieth it is in the queue
 * @param until when the waiting is over at the latest
 * @param expected when it is likely to be over, by how long others took of late
 */
public record WaitView(
        Optional<String> job,
        String reason,
        String why,
        Optional<String> link,
        Optional<Integer> place,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Instant> expected) {

    static WaitView of(Optional<String> job, String reason, String why) {
        Optional<Instant> unknown = Optional.empty();
        return new WaitView(job, reason, why, Optional.empty(), Optional.empty(), unknown, unknown, unknown);
    }

    WaitView seenAt(String path) {
        return new WaitView(job, reason, why, Optional.of(path), place, since, until, expected);
    }

    WaitView at(Optional<Integer> newPlace) {
        return new WaitView(job, reason, why, link, newPlace, since, until, expected);
    }

    WaitView since(Optional<Instant> instant) {
        return new WaitView(job, reason, why, link, place, instant, until, expected);
    }

    WaitView until(Optional<Instant> instant) {
        return new WaitView(job, reason, why, link, place, since, instant, expected);
    }

    WaitView expected(Optional<Instant> instant) {
        return new WaitView(job, reason, why, link, place, since, until, instant);
    }
}

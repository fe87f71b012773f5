package dev.flujo.pipeline.api;

import dev.flujo.event.Outcome;
import dev.flujo.event.TestSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job of a run as its log tells it.
 *
 * @param url where people find what the job has deployed
 * @param keptFrom the attempt of an earlier run in which it succeeded, where this run does that one again and keeps the job
 */
public record JobView(
        String job,
        List<String> needs,
        String state,
        Optional<String> reason,
        Optional<String> url,
        Optional<ApprovalView> approval,
        Optional<String> keptFrom,
        List<AttemptView> attempts) {

    /** One attempt. */
    public record AttemptView(
            int number,
            Optional<String> runner,
            Optional<Instant> queuedAt,
            Optional<Instant> startedAt,
            Optional<Instant> finishedAt,
            Optional<Outcome> outcome,
            Optional<String> reason,
            Optional<TestSummary> tests,
            long lines,
            List<StepView> steps) {}

    /** One step of an attempt. */
    public record StepView(
            int step,
            String name,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<Outcome> outcome,
            Optional<Integer> exitCode,
            long lines) {}
}

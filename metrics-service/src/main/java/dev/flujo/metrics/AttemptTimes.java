package dev.flujo.metrics;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent;
import dev.flujo.event.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** When one attempt was queued, started and ended, and its steps; gathered event by event. */
final class AttemptTimes {

    private record StepTimes(String name, Instant from, Optional<Instant> to) {}

    private final Attempt attempt;
    private final Map<Integer, StepTimes> steps = new TreeMap<>();
    private Optional<Instant> queued = Optional.empty();
    private Optional<Instant> started = Optional.empty();
    private Optional<Instant> ended = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private boolean tested;

    AttemptTimes(Attempt attempt) {
        this.attempt = attempt;
    }

    Attempt attempt() {
        return attempt;
    }

    Optional<Instant> queued() {
        return queued;
    }

    Optional<Instant> started() {
        return started;
    }

    Optional<Outcome> outcome() {
        return outcome;
    }

    Instant ended(Instant otherwise) {
        return ended.orElse(otherwise);
    }

    void note(JobEvent event, Instant at) {
        if (event instanceof JobEvent.JobQueued) {
            queued = Optional.of(queued.orElse(at));
        } else if (event instanceof JobEvent.JobStarted) {
            started = Optional.of(started.orElse(at));
        } else if (event instanceof JobEvent.StepStarted e) {
            steps.putIfAbsent(e.step(), new StepTimes(e.name(), at, Optional.empty()));
        } else if (event instanceof JobEvent.StepFinished e) {
            steps.computeIfPresent(
                    e.step(), (step, times) -> new StepTimes(times.name(), times.from(), Optional.of(at)));
        } else if (event instanceof JobEvent.JobFinished e) {
            ended = Optional.of(ended.orElse(at));
            outcome = Optional.of(e.outcome());
            tested = RunHistory.hasTests(e.tests());
        } else if (event instanceof JobEvent.JobLost || event instanceof JobEvent.JobSkipped) {
            ended = Optional.of(ended.orElse(at));
        }
    }

    /** The stretches of testing: the steps with a test's name in an attempt that reported tests; if none has, all steps. */
    List<RunHistory.Span> tests(Rules rules, Instant end) {
        if (!tested) {
            return List.of();
        }
        List<StepTimes> named = new ArrayList<>(steps.values());
        named.removeIf(step -> !rules.testSteps().matcher(step.name()).find());
        return (named.isEmpty() ? steps.values() : named)
                .stream()
                        .map(step -> new RunHistory.Span(
                                Phase.TEST, step.from(), step.to().orElse(ended(end))))
                        .toList();
    }
}

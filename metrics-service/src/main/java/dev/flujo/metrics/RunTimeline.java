package dev.flujo.metrics;

import dev.flujo.event.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The way of one run from commit to its end, cut into phases that add up to the whole, in milliseconds. The end is when its
 * last deployment began to serve; without a deployment, when the run finished; before that, its last event so far.
 */
public record RunTimeline(
        UUID id,
        String project,
        String pipeline,
        Optional<Instant> committedAt,
        Instant received,
        Optional<Outcome> outcome,
        boolean started,
        boolean settled,
        Instant end,
        Map<Phase, Duration> phases,
        Optional<Duration> duration) {

    public RunTimeline {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(committedAt, "committedAt");
        Objects.requireNonNull(received, "received");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(duration, "duration");
        phases = Collections.unmodifiableMap(phases.isEmpty() ? new EnumMap<>(Phase.class) : new EnumMap<>(phases));
    }

    /** The time of a phase; none where the run does not know it (a commit without a time). */
    public Optional<Duration> phase(Phase phase) {
        return Optional.ofNullable(phases.get(phase));
    }

    /** The sum of all phases that are known. */
    public Duration total() {
        return phases.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}

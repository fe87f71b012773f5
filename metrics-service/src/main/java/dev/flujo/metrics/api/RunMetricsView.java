package dev.flujo.metrics.api;

import dev.flujo.event.Outcome;
import dev.flujo.metrics.Phase;
import dev.flujo.metrics.RunTimeline;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The way of one run, cut into phases that add up to the total; the ids are the events that say so. */
public record RunMetricsView(
        UUID run,
        String project,
        String pipeline,
        Optional<Outcome> outcome,
        Optional<Instant> committedAt,
        Instant receivedAt,
        Instant endedAt,
        Map<String, Optional<Double>> phases,
        double total,
        String unit,
        Optional<String> reason,
        List<String> events,
        String href) {

    static RunMetricsView of(RunTimeline timeline, List<String> events) {
        Map<String, Optional<Double>> phases = new LinkedHashMap<>();
        for (Phase phase : Phase.values()) {
            phases.put(phase.label(), timeline.phase(phase).map(RunMetricsView::seconds));
        }
        Optional<String> reason = Optional.empty();
        if (timeline.outcome().isEmpty()) {
            reason = Optional.of("the run has not finished; the phases are those until its last event");
        } else if (timeline.phase(Phase.COMMIT_TO_TRIGGER).isEmpty()) {
            reason = Optional.of("the commit has no time before the trigger's; the total begins with the trigger");
        }
        return new RunMetricsView(
                timeline.id(),
                timeline.project(),
                timeline.pipeline(),
                timeline.outcome(),
                timeline.committedAt(),
                timeline.received(),
                timeline.end(),
                phases,
                seconds(timeline.total()),
                "seconds",
                reason,
                events,
                "/api/v1/metrics/runs/" + timeline.id() + "/events");
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}

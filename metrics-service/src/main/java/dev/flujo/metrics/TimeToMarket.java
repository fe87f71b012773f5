package dev.flujo.metrics;

import dev.flujo.event.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The phases of a pipeline's runs over a window: medians and 95th percentiles over the runs that succeeded. */
public record TimeToMarket(
        String pipeline,
        Map<Phase, Spread> phases,
        Spread total,
        Map<Outcome, Long> runs,
        long unfinished,
        List<UUID> behind) {

    /** How long something takes: in the middle, and for all but five of a hundred; of how many runs. */
    public record Spread(Optional<Double> median, Optional<Double> p95, int count) {

        static Spread of(List<Duration> durations) {
            List<Double> seconds = durations.stream().map(Dora::seconds).toList();
            return new Spread(Statistics.median(seconds), Statistics.percentile(seconds, 0.95), seconds.size());
        }
    }

    public TimeToMarket {
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(total, "total");
        phases = Collections.unmodifiableMap(new EnumMap<>(phases));
        runs = Collections.unmodifiableMap(new EnumMap<>(runs));
        behind = List.copyOf(behind);
    }

    /** What these runs of one pipeline give. */
    public static TimeToMarket of(String pipeline, List<RunTimeline> timelines) {
        List<RunTimeline> succeeded = timelines.stream()
                .filter(timeline -> timeline.outcome().equals(Optional.of(Outcome.SUCCEEDED)))
                .toList();
        Map<Phase, Spread> phases = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            phases.put(
                    phase,
                    Spread.of(succeeded.stream()
                            .flatMap(timeline -> timeline.phase(phase).stream())
                            .toList()));
        }
        Map<Outcome, Long> runs = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            runs.put(
                    outcome,
                    timelines.stream()
                            .filter(timeline -> timeline.outcome().equals(Optional.of(outcome)))
                            .count());
        }
        long unfinished = timelines.stream()
                .filter(timeline -> timeline.outcome().isEmpty())
                .count();
        Spread total = Spread.of(succeeded.stream().map(RunTimeline::total).toList());
        return new TimeToMarket(
                pipeline,
                phases,
                total,
                runs,
                unfinished,
                succeeded.stream().map(RunTimeline::id).toList());
    }
}

package dev.flujo.metrics.api;

import dev.flujo.event.Outcome;
import dev.flujo.metrics.Phase;
import dev.flujo.metrics.TimeToMarket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The way to market of a project's pipelines, cut into phases. */
public record TimeToMarketView(
        String project, WindowView window, boolean rebuilding, List<PipelineView> pipelines, Optional<String> reason) {

    static final String TOTAL =
            "From the commit's time (where it is unknown: from when Flujo received the trigger) to when the"
                    + " run's last deployment began to serve, without one to the run's end. Each run's phases add up to it; medians"
                    + " of several runs need not.";

    /** Medians and 95th percentiles over the runs that succeeded, which are the receipts. */
    public record PipelineView(
            String pipeline,
            Map<String, Long> runs,
            Map<String, SpreadView> phases,
            SpreadView total,
            List<UUID> receipts,
            boolean complete) {}

    /** How long something takes. */
    public record SpreadView(
            Optional<Double> median,
            Optional<Double> p95,
            int runs,
            String unit,
            String definition,
            Optional<String> reason) {}

    static TimeToMarketView of(String project, WindowView window, boolean rebuilding, List<TimeToMarket> pipelines) {
        return new TimeToMarketView(
                project,
                window,
                rebuilding,
                pipelines.stream().map(TimeToMarketView::pipeline).toList(),
                pipelines.isEmpty()
                        ? Optional.of("no run of this project was received in the window")
                        : Optional.empty());
    }

    private static PipelineView pipeline(TimeToMarket times) {
        Map<String, Long> runs = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.SKIPPED) {
                runs.put(outcome.name().toLowerCase(Locale.ROOT), times.runs().get(outcome));
            }
        }
        runs.put("unfinished", times.unfinished());
        Map<String, SpreadView> phases = new LinkedHashMap<>();
        for (Phase phase : Phase.values()) {
            phases.put(phase.label(), spread(times.phases().get(phase), phase.definition(), times.behind()));
        }
        return new PipelineView(
                times.pipeline(),
                runs,
                phases,
                spread(times.total(), TOTAL, times.behind()),
                times.behind().stream().limit(DoraView.MOST_IDS).toList(),
                times.behind().size() <= DoraView.MOST_IDS);
    }

    private static SpreadView spread(TimeToMarket.Spread spread, String definition, List<UUID> behind) {
        Optional<String> reason = Optional.empty();
        if (spread.count() == 0) {
            reason = Optional.of(
                    behind.isEmpty() ? "no run of the window has succeeded" : "no commit of these runs has a time");
        }
        return new SpreadView(spread.median(), spread.p95(), spread.count(), "seconds", definition, reason);
    }
}

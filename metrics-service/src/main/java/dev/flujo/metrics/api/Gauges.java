package dev.flujo.metrics.api;

import dev.flujo.event.Outcome;
import dev.flujo.metrics.Phase;
import dev.flujo.metrics.Statistics;
import dev.flujo.metrics.TimeToMarket;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers numbers by series, for so many pipelines at most; the rest is counted. A number that there is not has no series. */
final class Gauges {

    private final Map<GaugeFamilies.Series, Double> numbers = new LinkedHashMap<>();
    private final int most;
    private int taken;
    private int leftOut;

    Gauges(int most) {
        this.most = most;
    }

    /** Whether one more pipeline, or pipeline in an environment, gets series. */
    boolean room() {
        if (taken < most) {
            taken++;
            return true;
        }
        leftOut++;
        return false;
    }

    void dora(String name, Tags place, Optional<Double> value) {
        value.ifPresent(number -> add(name, place, number));
    }

    void timeToMarket(String project, TimeToMarket times) {
        Tags pipeline = Tags.of("project", project, "pipeline", times.pipeline());
        for (Phase phase : Phase.values()) {
            spread(pipeline.and("phase", phase.label()), times.phases().get(phase));
        }
        spread(pipeline.and("phase", "total"), times.total());
    }

    void runs(String pipeline, Outcome outcome, List<Duration> durations) {
        List<Double> seconds =
                durations.stream().map(duration -> duration.toMillis() / 1000.0).toList();
        Tags runs = Tags.of("cicd_pipeline_name", pipeline, "cicd_pipeline_result", result(outcome));
        quantile("cicd.pipeline.run.duration.seconds", runs, "0.5", Statistics.median(seconds));
        quantile("cicd.pipeline.run.duration.seconds", runs, "0.95", Statistics.percentile(seconds, 0.95));
        add("cicd.pipeline.runs", runs, seconds.size());
    }

    void active(String pipeline, long pending, long executing) {
        Tags of = Tags.of("cicd_pipeline_name", pipeline);
        add("cicd.pipeline.run.active", of.and("cicd_pipeline_run_state", "pending"), pending);
        add("cicd.pipeline.run.active", of.and("cicd_pipeline_run_state", "executing"), executing);
    }

    /** The numbers by series. */
    Map<GaugeFamilies.Series, Double> numbers() {
        Map<GaugeFamilies.Series, Double> all = new LinkedHashMap<>(numbers);
        all.put(new GaugeFamilies.Series("flujo.metrics.left.out", Tags.empty()), (double) leftOut);
        return Collections.unmodifiableMap(all);
    }

    private void spread(Tags phase, TimeToMarket.Spread spread) {
        quantile("flujo.time.to.market.seconds", phase, "0.5", spread.median());
        quantile("flujo.time.to.market.seconds", phase, "0.95", spread.p95());
    }

    private void quantile(String name, Tags of, String quantile, Optional<Double> value) {
        value.ifPresent(number -> add(name, of.and("quantile", quantile), number));
    }

    private void add(String name, Tags tags, Number value) {
        numbers.put(new GaugeFamilies.Series(name, tags), value.doubleValue());
    }

    /** The words of OpenTelemetry's conventions for cicd.pipeline.result. */
    private static String result(Outcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> "success";
            case FAILED -> "failure";
            case CANCELLED -> "cancellation";
            case ERRORED -> "error";
            case SKIPPED -> "skip";
        };
    }
}

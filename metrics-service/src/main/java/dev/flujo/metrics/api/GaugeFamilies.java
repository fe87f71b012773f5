package dev.flujo.metrics.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;

/**
 * The gauges that Prometheus sees. A series that is shown again keeps its gauge and gets the new number, so no scrape ever
 * misses one that there was before and is after.
 */
final class GaugeFamilies {

    /** What one series is called. */
    record Series(String name, Tags tags) {}

    private static final class Shown {

        private final Gauge gauge;
        private volatile double value;

        private Shown(MeterRegistry registry, Series series, double value) {
            this.value = value;
            this.gauge = Gauge.builder(series.name(), this, shown -> shown.value)
                    .tags(series.tags())
                    .description("Computed from events, of the default window; docs/metrics.md")
                    .register(registry);
        }
    }

    private final MeterRegistry registry;
    private final Map<Series, Shown> shown = new HashMap<>();

    GaugeFamilies(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows these numbers and no others. */
    void show(Gauges gauges) {
        Map<Series, Double> numbers = gauges.numbers();
        numbers.forEach((series, value) ->
                shown.computeIfAbsent(series, fresh -> new Shown(registry, fresh, value)).value = value);
        shown.entrySet().removeIf(entry -> {
            boolean gone = !numbers.containsKey(entry.getKey());
            if (gone) {
                registry.remove(entry.getValue().gauge);
            }
            return gone;
        });
    }
}

package dev.flujo.metrics.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import java.util.List;
import java.util.TreeMap;

/** The gauges that Prometheus sees; what was computed last replaces what was there. */
final class GaugeFamilies {

    private final MeterRegistry registry;
    private final TreeMap<String, MultiGauge> families = new TreeMap<>();

    GaugeFamilies(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows these numbers and no others. */
    void show(Gauges gauges) {
        gauges.families()
                .keySet()
                .forEach(name -> families.computeIfAbsent(name, unknown -> MultiGauge.builder(name)
                        .description("Computed from events, of the default window; docs/metrics.md")
                        .register(registry)));
        families.forEach((name, family) -> family.register(gauges.families().getOrDefault(name, List.of()), true));
    }
}

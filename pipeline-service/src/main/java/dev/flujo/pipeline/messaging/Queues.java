package dev.flujo.pipeline.messaging;

import dev.flujo.event.QueueEvent.QueueReported;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the queues of pools and locks looked like when they were told of last: a second ago, or two. */
@ApplicationScoped
public class Queues {

    private final Map<String, QueueReported> reports = new ConcurrentHashMap<>();

    /** The queue with this name, if it is a pool's, or somebody waits in it. */
    public Optional<QueueReported> find(String name) {
        return Optional.ofNullable(reports.get(name));
    }

    /** What is known of every pool, in the order of their names. */
    public List<QueueReported> pools() {
        return reports.values().stream()
                .filter(report -> report.pool().isPresent())
                .sorted(Comparator.comparing(QueueReported::queue))
                .toList();
    }

    /** Locks for which nobody waits are forgotten, since there may have been very many. */
    void put(QueueReported report) {
        if (report.length() == 0 && report.pool().isEmpty()) {
            reports.remove(report.queue());
        } else {
            reports.put(report.queue(), report);
        }
    }

    void measure(MeterRegistry meters) {
        gauge(meters, "lock", "lock/");
        gauge(meters, "slot", "pool/");
    }

    private void gauge(MeterRegistry meters, String reason, String prefix) {
        Gauge.builder("flujo.waiting", () -> waiting(prefix))
                .description("runs and attempts that wait, by what they wait for")
                .tag("reason", reason)
                .register(meters);
    }

    private int waiting(String prefix) {
        return reports.values().stream()
                .filter(report -> report.queue().startsWith(prefix))
                .mapToInt(QueueReported::length)
                .sum();
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Topic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the orchestrator counts of itself. Counts of an aborted transaction count twice. */
final class OrchestratorMeters {

    private final MeterRegistry registry;
    private final Map<String, PoolState> pools = new ConcurrentHashMap<>();

    private record PoolState(int waiting, int free, int runners) {}

    OrchestratorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void unknown(Topic topic, String type) {
        registry.counter("flujo.events.unknown", "topic", topic.topicName()).increment();
    }

    void deadLetter(Topic topic) {
        registry.counter("flujo.events.dead.letters", "topic", topic.topicName())
                .increment();
    }

    void rejected(String reason) {
        registry.counter("flujo.commands.rejected", "reason", reason).increment();
    }

    void runs(String what) {
        registry.counter("flujo.runs", "what", what).increment();
    }

    /** The state of a pool after its last event. */
    void pool(String pool, int waiting, int free, int runners) {
        boolean isNew = pools.put(pool, new PoolState(waiting, free, runners)) == null;
        if (isNew) {
            Gauge.builder("flujo.pool.waiting", () -> pools.get(pool).waiting())
                    .description("attempts that wait for a slot")
                    .tag("pool", pool)
                    .register(registry);
            Gauge.builder("flujo.pool.free", () -> pools.get(pool).free())
                    .description("attempts that the pool's runners could take at once")
                    .tag("pool", pool)
                    .register(registry);
            Gauge.builder("flujo.pool.runners", () -> pools.get(pool).runners())
                    .description("runners that are alive")
                    .tag("pool", pool)
                    .register(registry);
        }
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.Topic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Counts what begins to wait, by what it waits for. */
    void waits(List<Output> outputs) {
        for (Output output : outputs) {
            reason(output.envelope().event()).ifPresent(reason -> registry.counter("flujo.waits", "reason", reason)
                    .increment());
        }
    }

    private static Optional<String> reason(Event event) {
        if (event instanceof JobQueued) return Optional.of("slot");
        if (event instanceof LockQueued) return Optional.of("lock");
        if (event instanceof ApprovalRequested || event instanceof RunHeld) return Optional.of("approval");
        return event instanceof JobRetrying ? Optional.of("retry") : Optional.empty();
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

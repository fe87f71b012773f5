package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.pool.Pool;
import dev.flujo.core.pool.Runner;
import dev.flujo.core.pool.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The pools of a task: whole in memory, kept entry by entry, so that one event costs one entry. */
final class PoolStores {

    static final String SLOTS = "slots";
    static final String RUNNERS = "runners";

    private final Rows rows;
    private final KeyValueStore<String, byte[]> slots;
    private final KeyValueStore<String, byte[]> runners;
    private final Map<String, Pool> pools = new HashMap<>();

    PoolStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.slots = context.getStateStore(SLOTS);
        this.runners = context.getStateStore(RUNNERS);
    }

    /** Reads back what is kept; every runner gets a whole lease. */
    void restore(Instant now) {
        Map<String, List<Slot>> keptSlots = read(slots, Slot.class);
        Map<String, List<Runner>> keptRunners = read(runners, Runner.class);
        List<String> names = new ArrayList<>(keptSlots.keySet());
        names.addAll(keptRunners.keySet());
        for (String name : names) {
            pools.computeIfAbsent(
                    name,
                    pool -> Pool.restored(
                            pool,
                            keptSlots.getOrDefault(pool, List.of()),
                            keptRunners.getOrDefault(pool, List.of()),
                            now));
        }
    }

    Pool pool(String name) {
        return pools.computeIfAbsent(name, Pool::new);
    }

    Map<String, Pool> all() {
        return pools;
    }

    /** Keeps what an event has changed. */
    void keep(String name, Pool pool, Pool.Touched touched) {
        touched.attempts()
                .forEach(attempt -> slots.put(
                        key(name, attempt.id()),
                        pool.slot(attempt).map(rows::write).orElse(null)));
        touched.runner()
                .ifPresent(runner -> runners.put(
                        key(name, runner), pool.runner(runner).map(rows::write).orElse(null)));
    }

    private <T> Map<String, List<T>> read(KeyValueStore<String, byte[]> store, Class<T> type) {
        Map<String, List<T>> byPool = new HashMap<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                String pool = entry.key.substring(0, entry.key.indexOf('\n'));
                byPool.computeIfAbsent(pool, name -> new ArrayList<>()).add(rows.read(entry.value, type));
            }
        }
        return byPool;
    }

    private static String key(String pool, String id) {
        return pool + "\n" + id;
    }
}

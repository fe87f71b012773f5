package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.pool.Pool;
import dev.flujo.core.pool.Runner;
import dev.flujo.core.pool.Slot;
import dev.flujo.event.PoolLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The pools of a task: whole in memory, kept entry by entry, so that one event costs one entry. */
final class PoolStores {

    /** One store, so that a transaction touches one changelog; what lies in it begins with its kind. */
    static final String STORE = "pools";

    private static final String SLOT = "slot/";
    private static final String RUNNER = "runner/";
    private static final String LIMITS = "limits/";

    private final Rows rows;
    private final KeyValueStore<String, byte[]> store;
    private final Map<String, Pool> pools = new HashMap<>();

    PoolStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.store = context.getStateStore(STORE);
    }

    /** Reads back what is kept; every runner gets a whole lease. */
    void restore(Instant now) {
        Map<String, List<Slot>> keptSlots = read(SLOT, Slot.class);
        Map<String, List<Runner>> keptRunners = read(RUNNER, Runner.class);
        Map<String, List<PoolLimits>> keptLimits = read(LIMITS, PoolLimits.class);
        Set<String> names = new TreeSet<>(keptSlots.keySet());
        names.addAll(keptRunners.keySet());
        names.addAll(keptLimits.keySet());
        for (String name : names) {
            pools.computeIfAbsent(
                    name,
                    pool -> Pool.restored(
                            pool,
                            keptSlots.getOrDefault(pool, List.of()),
                            keptRunners.getOrDefault(pool, List.of()),
                            keptLimits
                                    .getOrDefault(pool, List.of(PoolLimits.NONE))
                                    .get(0),
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
                .forEach(attempt -> store.put(
                        SLOT + key(name, attempt.id()),
                        pool.slot(attempt).map(rows::write).orElse(null)));
        touched.runner()
                .ifPresent(runner -> store.put(
                        RUNNER + key(name, runner),
                        pool.runner(runner).map(rows::write).orElse(null)));
        if (touched.limits()) {
            store.put(LIMITS + key(name, ""), rows.write(pool.limits()));
        }
    }

    private <T> Map<String, List<T>> read(String kind, Class<T> type) {
        Map<String, List<T>> byPool = new HashMap<>();
        try (KeyValueIterator<String, byte[]> all = store.range(kind, kind.substring(0, kind.length() - 1) + "0")) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                String pool = entry.key.substring(kind.length(), entry.key.indexOf('\n'));
                byPool.computeIfAbsent(pool, name -> new ArrayList<>()).add(rows.read(entry.value, type));
            }
        }
        return byPool;
    }

    private static String key(String pool, String id) {
        return pool + "\n" + id;
    }
}

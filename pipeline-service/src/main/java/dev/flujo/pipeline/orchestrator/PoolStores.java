package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.pool.Pool;
import dev.flujo.core.pool.Runner;
import dev.flujo.core.pool.Slot;
import dev.flujo.event.Attempt;
import dev.flujo.event.PoolLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
    private static final String TURN = "turn/";

    private final Rows rows;
    private final KeyValueStore<String, byte[]> store;
    private final Map<String, Pool> pools = new HashMap<>();

    /** When a project had its last turn. */
    private record Turn(String project, long last) {}

    PoolStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.store = context.getStateStore(STORE);
    }

    /** The clock was set: what is kept is as long ago as before. */
    void shift(Duration leap) {
        read(SLOT, Slot.class)
                .forEach((pool, slots) ->
                        slots.forEach(slot -> put(SLOT, pool, slot.attempt().id(), Optional.of(slot.shifted(leap)))));
    }

    /** Reads back what is kept; every runner gets a whole lease. */
    void restore(Instant now) {
        pools.clear();
        Map<String, List<Slot>> keptSlots = read(SLOT, Slot.class);
        Map<String, List<Runner>> keptRunners = read(RUNNER, Runner.class);
        Map<String, List<PoolLimits>> keptLimits = read(LIMITS, PoolLimits.class);
        Map<String, List<Turn>> keptTurns = read(TURN, Turn.class);
        Set<String> names = new TreeSet<>(keptSlots.keySet());
        names.addAll(keptRunners.keySet());
        names.addAll(keptLimits.keySet());
        for (String name : names) {
            Map<String, Long> turns = keptTurns.getOrDefault(name, List.of()).stream()
                    .collect(Collectors.toMap(Turn::project, Turn::last));
            Pool.Kept kept = new Pool.Kept(
                    keptSlots.getOrDefault(name, List.of()),
                    keptRunners.getOrDefault(name, List.of()),
                    keptLimits.getOrDefault(name, List.of(PoolLimits.NONE)).get(0),
                    turns);
            pools.put(name, Pool.restored(name, kept, now));
        }
    }

    Pool pool(String name) {
        return pools.computeIfAbsent(name, Pool::new);
    }

    Map<String, Pool> all() {
        return pools;
    }

    /** Keeps what the events of one decision have changed, each entry once. */
    void keep(String name, Pool pool, List<Pool.Touched> touched) {
        Set<Attempt> attempts = new LinkedHashSet<>();
        touched.forEach(one -> attempts.addAll(one.attempts()));
        attempts.forEach(attempt -> put(SLOT, name, attempt.id(), pool.slot(attempt)));
        touched.stream()
                .flatMap(one -> one.project().stream())
                .distinct()
                .forEach(project -> put(TURN, name, project, pool.turn(project).map(last -> new Turn(project, last))));
        touched.stream()
                .flatMap(one -> one.runner().stream())
                .distinct()
                .forEach(runner -> put(RUNNER, name, runner, pool.runner(runner)));
        if (touched.stream().anyMatch(Pool.Touched::limits)) {
            put(LIMITS, name, "", Optional.of(pool.limits()));
        }
    }

    private void put(String kind, String pool, String id, Optional<?> row) {
        store.put(kind + key(pool, id), row.map(rows::write).orElse(null));
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

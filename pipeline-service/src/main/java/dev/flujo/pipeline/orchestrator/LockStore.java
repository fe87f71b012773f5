package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.lock.Left;
import dev.flujo.core.lock.Lock;
import dev.flujo.core.lock.Place;
import dev.flujo.event.Claim;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.QueueEvent.QueueReported;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The locks of a task that somebody wants: whole in memory, kept claim by claim, so that a long queue costs no more. */
final class LockStore {

    private static final String CLAIM = "claim/";
    private static final String LEFT = "left/";

    private final Rows rows;
    private final KeyValueStore<String, byte[]> store;
    private final Map<String, Lock> locks = new HashMap<>();
    private final Map<String, Left> left = new HashMap<>();
    private final Set<String> reported = new LinkedHashSet<>();
    private final Set<String> unreported = new LinkedHashSet<>();

    private record Row(String project, String lock, Place place, boolean holds) {}

    LockStore(KeyValueStore<String, byte[]> store, Rows rows) {
        this.store = store;
        this.rows = rows;
        restore();
    }

    Lock lock(String project, String name) {
        return locks.getOrDefault(
                key(project, name), Lock.free(project, name, Optional.ofNullable(left.get(key(project, name)))));
    }

    /** The locks of a project that somebody holds or waits for, by their names, in the order of these. */
    Map<String, Lock> of(String project) {
        Map<String, Lock> its = new TreeMap<>();
        locks.values().stream()
                .filter(lock -> lock.project().equals(project))
                .forEach(lock -> its.put(lock.name(), lock));
        return its;
    }

    /** Keeps a lock of which these claims have changed. */
    void keep(Lock lock, Iterable<Claim> changed) {
        String key = key(lock.project(), lock.name());
        if (lock.unused()) {
            locks.remove(key);
        } else {
            locks.put(key, lock);
        }
        lock.newest().filter(newest -> !newest.equals(left.get(key))).ifPresent(newest -> {
            left.put(key, newest);
            store.put(LEFT + key, rows.write(newest));
        });
        if (!lock.queue().isEmpty() || reported.contains(key)) {
            unreported.add(key);
        }
        for (Claim claim : changed) {
            byte[] row = lock.place(claim)
                    .map(place -> rows.write(new Row(lock.project(), lock.name(), place, lock.holds(claim))))
                    .orElse(null);
            store.put(CLAIM + key + "\n" + claim.id(), row);
        }
    }

    /** The queues that have changed since this was asked last, and in which somebody waits or did then. */
    List<QueueReported> changedQueues() {
        if (unreported.isEmpty()) {
            return List.of();
        }
        List<QueueReported> reports = new ArrayList<>();
        for (String key : unreported) {
            int slash = key.indexOf('/');
            Lock lock = lock(key.substring(0, slash), key.substring(slash + 1));
            reports.add(report(lock));
            if (lock.queue().isEmpty()) {
                reported.remove(key);
            } else {
                reported.add(key);
            }
        }
        unreported.clear();
        return reports;
    }

    private static QueueReported report(Lock lock) {
        String queue = QueueEvent.ofLock(lock.project(), lock.name());
        return new QueueReported(
                queue,
                claims(lock.holders()),
                claims(lock.queue()),
                lock.queue().size(),
                Optional.empty());
    }

    private static List<Claim> claims(List<Place> places) {
        return places.stream().limit(QueueReported.MOST_NAMED).map(Place::claim).toList();
    }

    private void restore() {
        try (KeyValueIterator<String, byte[]> all = store.range(LEFT, LEFT.replace('/', '0'))) {
            all.forEachRemaining(
                    entry -> left.put(entry.key.substring(LEFT.length()), rows.read(entry.value, Left.class)));
        }
        List<Row> kept = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.range(CLAIM, CLAIM.replace('/', '0'))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                kept.add(rows.read(entry.value, Row.class));
            }
        }
        kept.sort(Comparator.comparingLong(row -> row.place().number()));
        Map<String, List<Row>> byLock = new HashMap<>();
        kept.forEach(row -> byLock.computeIfAbsent(key(row.project(), row.lock()), key -> new ArrayList<>())
                .add(row));
        byLock.forEach((key, its) -> locks.put(
                key,
                new Lock(
                        its.get(0).project(),
                        its.get(0).lock(),
                        places(its, true),
                        places(its, false),
                        Optional.ofNullable(left.get(key)))));
        unreported.addAll(locks.keySet());
    }

    private static List<Place> places(List<Row> rows, boolean holding) {
        return rows.stream()
                .filter(row -> row.holds() == holding)
                .map(Row::place)
                .toList();
    }

    private static String key(String project, String name) {
        return project + "/" + name;
    }
}

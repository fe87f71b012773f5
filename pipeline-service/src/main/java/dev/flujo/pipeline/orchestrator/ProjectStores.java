package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.lock.Lock;
import dev.flujo.core.plan.Extension;
import dev.flujo.core.run.Run;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.SignalEvent.UpstreamWatched;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What a task knows of its projects, in its state stores, with what is in use kept as objects in front of them. */
final class ProjectStores {

    /** One store, so that a transaction touches one changelog; what lies in it begins with its kind. */
    static final String STORE = "projects";

    private static final String RUN = "run/";
    private static final String ENDED = "ended/";
    private static final String PLAN = "plan/";
    private static final String PIPELINE = "pipeline/";
    private static final String HEAD = "head/";
    private static final String LOCK = "lock/";
    private static final String TIMER = "timer/";
    private static final String TICK = "tick/";
    private static final String WATCH = "watch/";
    private static final String EXTENSION = "extension/";

    private static final int MOST_CACHED = 5_000;

    private final Rows rows;
    private final KeyValueStore<String, byte[]> store;
    private final Map<UUID, RunRow> cachedRuns = bounded();
    private final Map<String, Plan> cachedPlans = bounded();
    private final Map<String, Definition> cachedDefinitions = new HashMap<>();

    ProjectStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.store = context.getStateStore(STORE);
    }

    /** A run that has not ended. */
    Optional<RunRow> run(UUID id) {
        RunRow cached = cachedRuns.get(id);
        if (cached != null) {
            return Optional.of(cached);
        }
        byte[] bytes = store.get(RUN + id);
        if (bytes == null) {
            return Optional.empty();
        }
        RunRow stored = rows.read(bytes, RunRow.class);
        RunRow whole = stored.with(stored.run().withPlan(plan(stored)));
        cachedRuns.put(id, whole);
        return Optional.of(whole);
    }

    Optional<EndedRun> ended(UUID id) {
        return Optional.ofNullable(store.get(ENDED + id)).map(bytes -> rows.read(bytes, EndedRun.class));
    }

    /** Keeps a run, or what is left of it once it has ended. */
    void put(RunRow row, Instant now) {
        Run run = row.run();
        if (run.ended()) {
            cachedRuns.remove(run.id());
            store.delete(RUN + run.id());
            for (int i = 0; i < row.extensions(); i++) {
                store.delete(extensionKey(run.id(), i));
            }
            store.put(ENDED + run.id(), rows.write(new EndedRun(run.outcome().orElseThrow(), now)));
            return;
        }
        cachedRuns.put(run.id(), row);
        store.put(RUN + run.id(), rows.write(row.with(run.withPlan(null))));
    }

    /** Notes that a run was refused: its cause starts nothing. */
    void putRefused(UUID id, Instant now) {
        store.put(ENDED + id, rows.write(new EndedRun(dev.flujo.event.Outcome.ERRORED, now)));
    }

    void forgetEndedBefore(Instant time) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.range(ENDED, after(ENDED))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, EndedRun.class).endedAt().isBefore(time)) {
                    old.add(entry.key);
                }
            }
        }
        old.forEach(store::delete);
    }

    void putPlan(String key, Plan plan) {
        if (!cachedPlans.containsKey(key)) {
            cachedPlans.put(key, Extension.atFirst(plan));
            if (store.get(PLAN + key) == null) {
                store.put(PLAN + key, rows.write(plan));
            }
        }
    }

    /** Keeps what further jobs came out of a job of a run, the how manieth time that is. */
    void putExtension(RunExtended extended, int number) {
        store.put(extensionKey(extended.run(), number), rows.write(extended));
    }

    Optional<Definition> definition(String project, String pipeline) {
        return definition(project + "/" + pipeline);
    }

    /** The definition of a pipeline that is named with its project. */
    Optional<Definition> definition(String key) {
        Definition cached = cachedDefinitions.get(key);
        if (cached != null) {
            return Optional.of(cached);
        }
        return Optional.ofNullable(store.get(PIPELINE + key)).map(bytes -> cache(key, bytes));
    }

    /** The pipelines of a project, by name. */
    List<Definition> definitions(String project) {
        List<Definition> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> range =
                store.range(PIPELINE + project + "/", after(PIPELINE + project + "/"))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                String key = entry.key.substring(PIPELINE.length());
                Definition cached = cachedDefinitions.get(key);
                found.add(cached == null ? cache(key, entry.value) : cached);
            }
        }
        return found;
    }

    Definition putDefinition(PipelineDefined defined) {
        store.put(PIPELINE + defined.subject(), rows.write(defined));
        Definition definition = Definition.of(defined);
        cachedDefinitions.put(defined.subject(), definition);
        return definition;
    }

    /** The newest commit seen on a branch. */
    Optional<Head> head(String project, String branch) {
        return Optional.ofNullable(store.get(HEAD + project + "/" + branch)).map(bytes -> rows.read(bytes, Head.class));
    }

    void putHead(String project, String branch, Head head) {
        store.put(HEAD + project + "/" + branch, rows.write(head));
    }

    Lock lock(String project, String name) {
        byte[] bytes = store.get(LOCK + project + "/" + name);
        return bytes == null ? Lock.free(project, name) : rows.read(bytes, Lock.class);
    }

    void put(Lock lock) {
        String key = LOCK + lock.project() + "/" + lock.name();
        if (lock.unused()) {
            store.delete(key);
        } else {
            store.put(key, rows.write(lock));
        }
    }

    /** The projects that want to be told when a run of the pipeline has ended. */
    List<String> watchers(String project, String pipeline) {
        List<String> watchers = new ArrayList<>();
        String prefix = WATCH + project + "/";
        try (KeyValueIterator<String, byte[]> all = store.range(prefix, after(prefix))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, UpstreamWatched.class).pipelines().contains(pipeline)) {
                    watchers.add(entry.key.substring(prefix.length()));
                }
            }
        }
        return watchers;
    }

    void putWatched(UpstreamWatched watched) {
        String key = WATCH + watched.project() + "/" + watched.watcher();
        if (watched.pipelines().isEmpty()) {
            store.delete(key);
        } else {
            store.put(key, rows.write(watched));
        }
    }

    /** Keeps an alarm; it rings once {@code due} has passed. */
    void putAlarm(Instant due, Alarm alarm) {
        store.put(timerKey(due) + alarm.id(), rows.write(alarm));
    }

    /** The alarms that are due, by their keys. */
    Map<String, Alarm> due(Instant now) {
        Map<String, Alarm> due = new LinkedHashMap<>();
        try (KeyValueIterator<String, byte[]> range = store.range(timerKey(Instant.EPOCH), timerKey(now))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                due.put(entry.key, rows.read(entry.value, Alarm.class));
            }
        }
        return due;
    }

    void removeAlarm(String key) {
        store.delete(key);
    }

    /** Up to when the schedules of a pipeline have been looked at. */
    Optional<Instant> tick(String pipeline) {
        return Optional.ofNullable(store.get(TICK + pipeline)).map(bytes -> rows.read(bytes, Instant.class));
    }

    void putTick(String pipeline, Instant time) {
        store.put(TICK + pipeline, rows.write(time));
    }

    void removeTick(String pipeline) {
        store.delete(TICK + pipeline);
    }

    /** The pipelines that have schedules. */
    Map<String, Instant> ticks() {
        Map<String, Instant> ticks = new LinkedHashMap<>();
        try (KeyValueIterator<String, byte[]> all = store.range(TICK, after(TICK))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                ticks.put(entry.key.substring(TICK.length()), rows.read(entry.value, Instant.class));
            }
        }
        return ticks;
    }

    /** Forgets the objects of a run whose judgement failed; the store has the truth. */
    void forget(UUID run) {
        cachedRuns.remove(run);
    }

    private Plan plan(RunRow row) {
        Plan plan = cachedPlans.get(row.planKey());
        if (plan == null) {
            plan = Extension.atFirst(rows.read(store.get(PLAN + row.planKey()), Plan.class));
            cachedPlans.put(row.planKey(), plan);
        }
        for (int i = 0; i < row.extensions(); i++) {
            byte[] extended = store.get(extensionKey(row.run().id(), i));
            plan = Extension.after(plan, rows.read(extended, RunExtended.class));
        }
        return plan;
    }

    private static String extensionKey(UUID run, int number) {
        return EXTENSION + run + "/" + number;
    }

    private Definition cache(String key, byte[] bytes) {
        Definition definition = Definition.of(rows.read(bytes, PipelineDefined.class));
        cachedDefinitions.put(key, definition);
        return definition;
    }

    /** The first key behind all that begin with this prefix, whose last character is a slash. */
    private static String after(String prefix) {
        return prefix.substring(0, prefix.length() - 1) + "0";
    }

    /** Fixed width, so that the order of keys is the order of time. */
    private static String timerKey(Instant due) {
        String millis = Long.toString(due.toEpochMilli());
        return TIMER + "0".repeat(15 - millis.length()) + millis + "/";
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_CACHED;
            }
        };
    }
}

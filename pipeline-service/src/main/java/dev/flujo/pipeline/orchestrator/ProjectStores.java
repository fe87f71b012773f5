package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.lock.Lock;
import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.PipelineEvent.PipelineDefined;
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

    static final String RUNS = "runs";
    static final String ENDED = "ended-runs";
    static final String PLANS = "plans";
    static final String PIPELINES = "pipelines";
    static final String HEADS = "heads";
    static final String LOCKS = "locks";
    static final String TIMERS = "timers";

    private static final int MOST_CACHED = 5_000;

    private final Rows rows;
    private final KeyValueStore<String, byte[]> runs;
    private final KeyValueStore<String, byte[]> ended;
    private final KeyValueStore<String, byte[]> plans;
    private final KeyValueStore<String, byte[]> pipelines;
    private final KeyValueStore<String, byte[]> heads;
    private final KeyValueStore<String, byte[]> locks;
    private final KeyValueStore<String, byte[]> timers;
    private final Map<UUID, RunRow> cachedRuns = bounded();
    private final Map<String, Plan> cachedPlans = bounded();
    private final Map<String, Definition> cachedDefinitions = new HashMap<>();

    ProjectStores(ProcessorContext<byte[], byte[]> context, Rows rows) {
        this.rows = rows;
        this.runs = context.getStateStore(RUNS);
        this.ended = context.getStateStore(ENDED);
        this.plans = context.getStateStore(PLANS);
        this.pipelines = context.getStateStore(PIPELINES);
        this.heads = context.getStateStore(HEADS);
        this.locks = context.getStateStore(LOCKS);
        this.timers = context.getStateStore(TIMERS);
    }

    /** A run that has not ended. */
    Optional<RunRow> run(UUID id) {
        RunRow cached = cachedRuns.get(id);
        if (cached != null) {
            return Optional.of(cached);
        }
        byte[] bytes = runs.get(id.toString());
        if (bytes == null) {
            return Optional.empty();
        }
        RunRow stored = rows.read(bytes, RunRow.class);
        RunRow whole = new RunRow(stored.run().withPlan(plan(stored.planKey())), stored.planKey(), stored.chainId());
        cachedRuns.put(id, whole);
        return Optional.of(whole);
    }

    Optional<EndedRun> ended(UUID id) {
        return Optional.ofNullable(ended.get(id.toString())).map(bytes -> rows.read(bytes, EndedRun.class));
    }

    /** Keeps a run, or what is left of it once it has ended. */
    void put(RunRow row, Instant now) {
        Run run = row.run();
        String key = run.id().toString();
        if (run.ended()) {
            cachedRuns.remove(run.id());
            runs.delete(key);
            ended.put(key, rows.write(new EndedRun(run.outcome().orElseThrow(), now)));
            return;
        }
        cachedRuns.put(run.id(), row);
        runs.put(key, rows.write(new RunRow(run.withPlan(null), row.planKey(), row.chainId())));
    }

    /** Notes that a run was refused: its cause starts nothing. */
    void putRefused(UUID id, Instant now) {
        ended.put(id.toString(), rows.write(new EndedRun(dev.flujo.event.Outcome.ERRORED, now)));
    }

    void forgetEndedBefore(Instant time) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = ended.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, EndedRun.class).endedAt().isBefore(time)) {
                    old.add(entry.key);
                }
            }
        }
        old.forEach(ended::delete);
    }

    void putPlan(String key, Plan plan) {
        if (cachedPlans.put(key, plan) == null && plans.get(key) == null) {
            plans.put(key, rows.write(plan));
        }
    }

    Optional<Definition> definition(String project, String pipeline) {
        String key = project + "/" + pipeline;
        Definition cached = cachedDefinitions.get(key);
        if (cached != null) {
            return Optional.of(cached);
        }
        return Optional.ofNullable(pipelines.get(key)).map(bytes -> cache(key, bytes));
    }

    /** The pipelines of a project, by name. */
    List<Definition> definitions(String project) {
        List<Definition> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> range = pipelines.range(project + "/", project + "0")) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                Definition cached = cachedDefinitions.get(entry.key);
                found.add(cached == null ? cache(entry.key, entry.value) : cached);
            }
        }
        return found;
    }

    void putDefinition(PipelineDefined defined) {
        pipelines.put(defined.subject(), rows.write(defined));
        cachedDefinitions.put(defined.subject(), Definition.of(defined));
    }

    /** The newest commit seen on a branch. */
    Optional<Head> head(String project, String branch) {
        return Optional.ofNullable(heads.get(project + "/" + branch)).map(bytes -> rows.read(bytes, Head.class));
    }

    void putHead(String project, String branch, Head head) {
        heads.put(project + "/" + branch, rows.write(head));
    }

    Lock lock(String project, String name) {
        byte[] bytes = locks.get(project + "/" + name);
        return bytes == null ? Lock.free(project, name) : rows.read(bytes, Lock.class);
    }

    void put(Lock lock) {
        String key = lock.project() + "/" + lock.name();
        if (lock.unused()) {
            locks.delete(key);
        } else {
            locks.put(key, rows.write(lock));
        }
    }

    /** Keeps a timer; it rings once {@code due} has passed. */
    void putTimer(Instant due, Attempt attempt) {
        timers.put(timerKey(due) + attempt.id(), rows.write(attempt));
    }

    /** The timers that are due, by their keys. */
    Map<String, Attempt> due(Instant now) {
        Map<String, Attempt> due = new LinkedHashMap<>();
        try (KeyValueIterator<String, byte[]> range = timers.range(timerKey(Instant.EPOCH), timerKey(now))) {
            while (range.hasNext()) {
                KeyValue<String, byte[]> entry = range.next();
                due.put(entry.key, rows.read(entry.value, Attempt.class));
            }
        }
        return due;
    }

    void removeTimer(String key) {
        timers.delete(key);
    }

    /** Forgets the objects of a run whose judgement failed; the store has the truth. */
    void forget(UUID run) {
        cachedRuns.remove(run);
    }

    private Plan plan(String key) {
        Plan cached = cachedPlans.get(key);
        if (cached == null) {
            cached = rows.read(plans.get(key), Plan.class);
            cachedPlans.put(key, cached);
        }
        return cached;
    }

    private Definition cache(String key, byte[] bytes) {
        Definition definition = Definition.of(rows.read(bytes, PipelineDefined.class));
        cachedDefinitions.put(key, definition);
        return definition;
    }

    /** Fixed width, so that the order of keys is the order of time. */
    private static String timerKey(Instant due) {
        String millis = Long.toString(due.toEpochMilli());
        return "0".repeat(15 - millis.length()) + millis + "/";
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

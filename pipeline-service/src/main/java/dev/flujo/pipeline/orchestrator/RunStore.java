package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.Extension;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Run;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The runs of a task: those in use as objects, all of them in the store. The jobs of a run that has many lie beside it, so
 * that an event of one of them does not write the others again.
 */
final class RunStore {

    private static final String RUN = "run/";
    private static final String JOB = "job/";
    private static final String ENDED = "ended/";
    private static final String PLAN = "plan/";
    private static final String EXTENSION = "extension/";
    private static final String HELD = "held/";

    private static final int MOST_CACHED = 5_000;

    /** The most jobs that are written with their run. */
    private static final int MOST_WITHIN = 16;

    private final KeyValueStore<String, byte[]> store;
    private final Rows rows;
    private final Map<UUID, RunRow> cachedRuns = bounded();
    private final Map<String, Plan> cachedPlans = bounded();

    RunStore(KeyValueStore<String, byte[]> store, Rows rows) {
        this.store = store;
        this.rows = rows;
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
        Run run = stored.run().withPlan(plan(stored));
        RunRow whole = stored.with(run.jobs().isEmpty() ? run.withJobs(jobs(run)) : run);
        cachedRuns.put(id, whole);
        return Optional.of(whole);
    }

    /** A run that has ended, as long as it is remembered. */
    Optional<EndedRun> ended(UUID id) {
        return Optional.ofNullable(store.get(ENDED + id)).map(bytes -> rows.read(bytes, EndedRun.class));
    }

    /** Keeps a run, or what is left of it once it has ended. */
    void put(RunRow row, Instant now) {
        Run run = row.run();
        if (run.ended()) {
            remove(row);
            putEnded(run.id(), new EndedRun(run.outcome().orElseThrow(), now));
            return;
        }
        RunRow before = cachedRuns.put(run.id(), row);
        Run bare = run.withPlan(null);
        if (apart(run)) {
            putJobs(
                    run,
                    before == null || !apart(before.run())
                            ? Map.of()
                            : before.run().jobs());
            bare = bare.withJobs(Map.of());
        }
        store.put(RUN + run.id(), rows.write(row.with(bare)));
    }

    /** Notes that a run was refused: its cause starts nothing. */
    void putRefused(UUID id, Instant now) {
        putEnded(id, new EndedRun(Outcome.ERRORED, now));
    }

    /** Notes that the filters of a pipeline let what would be the cause of a run pass by. */
    void putSkipped(UUID id, Instant now) {
        putEnded(id, new EndedRun(Outcome.SKIPPED, now));
    }

    void forgetEndedBefore(Instant time) {
        List<String> old = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.range(ENDED, ProjectStores.after(ENDED))) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (rows.read(entry.value, EndedRun.class).endedAt().isBefore(time)) {
                    old.add(entry.key);
                }
            }
        }
        old.forEach(store::delete);
    }

    /** Forgets the objects of a run whose judgement failed; the store has the truth. */
    void forget(UUID run) {
        cachedRuns.remove(run);
    }

    void putPlan(String key, Plan plan) {
        if (!cachedPlans.containsKey(key)) {
            cachedPlans.put(key, Extension.atFirst(plan));
            if (store.get(PLAN + key) == null) {
                store.put(PLAN + key, rows.write(plan));
            }
        }
    }

    /** The key for a plan that may not be the one that is kept under this key. */
    String planKey(String key, Plan plan) {
        byte[] kept = store.get(PLAN + key);
        byte[] wanted = rows.write(plan);
        return kept == null || Arrays.equals(kept, wanted)
                ? key
                : key + "/" + DerivedId.digestOf(new String(wanted, StandardCharsets.UTF_8));
    }

    /** Keeps what further jobs came out of a job of a run, the how manieth time that is. */
    void putExtension(RunExtended extended, int number) {
        store.put(extensionKey(extended.run(), number), rows.write(extended));
    }

    /** The runs of a project that were held and have not ended. */
    List<HeldRun> held(String project) {
        List<HeldRun> held = new ArrayList<>();
        String prefix = HELD + project + "/";
        try (KeyValueIterator<String, byte[]> range = store.range(prefix, ProjectStores.after(prefix))) {
            range.forEachRemaining(entry -> held.add(rows.read(entry.value, HeldRun.class)));
        }
        return held;
    }

    void putHeld(String project, HeldRun held) {
        store.put(HELD + project + "/" + held.run(), rows.write(held));
    }

    private static boolean apart(Run run) {
        return run.jobs().size() > MOST_WITHIN;
    }

    private void putJobs(Run run, Map<String, JobState> before) {
        run.jobs().forEach((job, state) -> {
            if (!state.equals(before.get(job))) {
                store.put(jobs(run.id()) + job, rows.write(state));
            }
        });
    }

    /** The jobs of a run that lie beside it, in the plan's order. */
    private Map<String, JobState> jobs(Run run) {
        Map<String, JobState> states = new HashMap<>();
        String prefix = jobs(run.id());
        try (KeyValueIterator<String, byte[]> range = store.range(prefix, ProjectStores.after(prefix))) {
            range.forEachRemaining(
                    entry -> states.put(entry.key.substring(prefix.length()), rows.read(entry.value, JobState.class)));
        }
        Map<String, JobState> ordered = new LinkedHashMap<>();
        for (Job job : run.plan().jobs()) {
            ordered.put(job.id(), states.get(job.id()));
        }
        return ordered;
    }

    private void remove(RunRow row) {
        Run run = row.run();
        cachedRuns.remove(run.id());
        store.delete(RUN + run.id());
        if (apart(run) || row.extensions() > 0) {
            removeJobs(run.id());
        }
        for (int i = 0; i < row.extensions(); i++) {
            store.delete(extensionKey(run.id(), i));
        }
        if (run.trust() != Run.Trust.TRUSTED) {
            store.delete(HELD + run.project() + "/" + run.id());
        }
    }

    private void removeJobs(UUID run) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> range = store.range(jobs(run), ProjectStores.after(jobs(run)))) {
            range.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }

    private void putEnded(UUID id, EndedRun ended) {
        store.put(ENDED + id, rows.write(ended));
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

    private static String jobs(UUID run) {
        return JOB + run + "/";
    }

    private static String extensionKey(UUID run, int number) {
        return EXTENSION + run + "/" + number;
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

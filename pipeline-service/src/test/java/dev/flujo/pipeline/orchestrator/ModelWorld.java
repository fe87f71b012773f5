package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.run.Run;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * The orchestrator's processors, with topics, runners, a deployer and people around them, all in memory and in an order that
 * a seed gives. First it goes wrong in every way that it can, then it is left in peace and everything must come to its end.
 */
final class ModelWorld {

    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
    private static final Duration TICK = Duration.ofSeconds(4);
    private static final int LEAST_STEPS = 40;
    private static final int MORE_STEPS = 120;
    private static final int MOST_TICKS = 300;
    private static final Rows ROWS = new Rows(ModelTopics.CODEC.mapper());
    private static final OrchestratorMeters METERS = new OrchestratorMeters(new SimpleMeterRegistry());

    private final Random random;
    private final ModelTopics topics = new ModelTopics(START);
    private final ModelHistory history = new ModelHistory();
    private final List<ModelTask> tasks = new ArrayList<>();
    private final List<ModelRunner> runners = new ArrayList<>();
    private final List<String> pipelines = List.of("first", "second");
    private final ModelPeople people = new ModelPeople(topics, history, pipelines);

    ModelWorld(long seed) {
        random = new Random(seed);
        for (String project : List.of("shop", "bakery")) {
            MemoryStore store = new MemoryStore(ProjectStores.STORE);
            ModelTask.Reads reads = new ModelTask.Reads(
                    OrchestratorTopology.PROJECT_SOURCES, key -> key.equals(project) || key.startsWith(project + "/"));
            tasks.add(new ModelTask(
                    store,
                    topics,
                    () -> new ProjectProcessor(
                            ModelTopics.CODEC, ROWS, METERS, topics.clock(), task -> new FakeInHand()),
                    reads,
                    sent -> history.committed(sent, () -> stores(store))));
        }
        tasks.add(new ModelTask(
                new MemoryStore(PoolStores.STORE),
                topics,
                () -> new PoolProcessor(ModelTopics.CODEC, ROWS, METERS, topics.clock(), task -> new FakeInHand()),
                new ModelTask.Reads(OrchestratorTopology.POOL_SOURCES, key -> true),
                sent -> {}));
        runner("r1", Topic.BUILDS);
        runner("r2", Topic.BUILDS);
        runner("d1", Topic.DEPLOYS);
    }

    private void runner(String id, Topic reports) {
        runners.add(new ModelRunner(
                id,
                reports,
                1 + random.nextInt(2),
                topics,
                work -> history.executes(
                        work,
                        stores(tasks.get(work.project().equals("shop") ? 0 : 1).store()))));
    }

    private ProjectStores stores(MemoryStore store) {
        return new ProjectStores(new ModelContext(store, topics).ofBytes(), ROWS);
    }

    void play() {
        pipelines.forEach(name -> define("shop", name, ModelPipelines.any(name, random)));
        define("bakery", "after", ModelPipelines.after("after", "shop", "first"));
        people.push("bakery");
        settle();
        int steps = LEAST_STEPS + random.nextInt(MORE_STEPS);
        for (int step = 0; step < steps; step++) {
            disturb();
        }
        runners.forEach(runner -> runner.freeze(0));
        settle();
        for (int tick = 0; !over(); tick++) {
            assertTrue(tick < MOST_TICKS, () -> "does not come to its end: " + open());
            pass(TICK);
            settle();
            people.consent();
            settle();
        }
        people.assertServed();
        history.assertComplete();
        assertChained();
    }

    private void define(String project, String name, String source) {
        topics.say(
                Topic.PIPELINES,
                "define-" + project + "-" + name,
                new PipelineDefined(
                        project,
                        name,
                        DerivedId.version("", source),
                        Optional.of("https://x/y"),
                        source,
                        "ana",
                        START));
    }

    private void disturb() {
        ModelTask task = tasks.get(random.nextInt(tasks.size()));
        ModelRunner runner = runners.get(random.nextInt(runners.size()));
        switch (random.nextInt(40)) {
            case 0, 1 -> people.act(random);
            case 2, 3, 4 -> pass(Duration.ofSeconds(1 + random.nextInt(4)));
            case 5 -> task.kill();
            case 6 -> runner.kill();
            case 7 -> disturbMore(runner);
            case 8, 9, 10, 11, 12, 13, 14, 15 -> task.commit();
            case 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27 -> runner.step(random);
            default -> task.step(random);
        }
    }

    private void disturbMore(ModelRunner runner) {
        switch (random.nextInt(5)) {
            case 0 -> topics.setClock(Duration.ofSeconds(random.nextInt(7201) - 3600));
            case 1 -> runner.freeze(1 + random.nextInt(15));
            case 2 -> pass(Duration.ofSeconds(5 + random.nextInt(40)));
            default -> runner.beat();
        }
    }

    /** Time passes: who lives says so, and who has timers hears them. */
    private void pass(Duration time) {
        topics.pass(time);
        runners.forEach(ModelRunner::tick);
        runners.forEach(ModelRunner::beat);
        tasks.forEach(ModelTask::ring);
    }

    /** Everybody does what there is to do, and nobody dies. */
    private void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (ModelTask task : tasks) {
                while (task.step(random)) {
                    busy = true;
                }
                task.commit();
            }
            for (ModelRunner runner : runners) {
                while (runner.step(random)) {
                    busy = true;
                }
            }
        }
    }

    private boolean over() {
        return history.runs().stream().allMatch(Run::ended) && open().isEmpty();
    }

    /** What is still held or waited for. */
    private List<String> open() {
        List<String> open = new ArrayList<>();
        for (ModelTask task : tasks) {
            open.addAll(task.store().keys("run/"));
            open.addAll(task.store().keys("claim/"));
            open.addAll(task.store().keys("slot/"));
        }
        return open;
    }

    /** Each end of a run has started one of those that wait for it. */
    private void assertChained() {
        Set<UUID> expected = new HashSet<>();
        Set<UUID> chained = new HashSet<>();
        for (Run run : history.runs()) {
            if (run.pipeline().equals("first") && run.outcome().orElseThrow() != Outcome.SKIPPED) {
                expected.add(DerivedId.run("bakery", "after", run.id().toString()));
            } else if (run.pipeline().equals("after")) {
                chained.add(run.id());
            }
        }
        assertEquals(expected, chained, "runs that others started by their ends");
    }
}

package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.Run;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Plan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the processor of pools writes down, and what another replica makes of it. */
class PoolStoresTest {

    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    private final ModelTopics topics = new ModelTopics(START);
    private final MemoryStore store = new MemoryStore(PoolStores.STORE);
    private final List<String> assigned = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private ModelTask task;
    private int count;

    @BeforeEach
    void open() {
        OrchestratorMeters meters = new OrchestratorMeters(new SimpleMeterRegistry());
        Rows rows = new Rows(ModelTopics.CODEC.mapper());
        task = new ModelTask(
                store,
                topics,
                () -> new PoolProcessor(ModelTopics.CODEC, rows, meters, topics.clock(), task -> new FakeInHand()),
                new ModelTask.Reads(OrchestratorTopology.POOL_SOURCES, key -> true),
                this::committed);
        topics.say(Topic.RUNNERS, "alive", new RunnerAlive("default", "r1", 1, List.of(), List.of(), false));
        work();
    }

    @Test
    void writesTwoRowsWhereAnAttemptHasItsSlotAtOnce() {
        int before = store.writes();
        request("shop");

        assertEquals(List.of("shop"), assigned);
        assertEquals(2, store.writes() - before, "the attempt with its slot, and the turn of its project");
    }

    @Test
    void keepsTheTurnsOfProjectsWhenAnotherReplicaTakesOver() {
        Attempt running = request("shop");
        Attempt next = request("bakery");
        request("cinema");
        request("bakery");
        release(running);
        assertEquals(List.of("shop", "bakery"), assigned);

        request("shop");
        task.kill();
        release(next);
        task.kill();
        release(runningNow());

        assertEquals(List.of("shop", "bakery", "cinema", "bakery"), assigned);
    }

    @Test
    void forgetsTheTurnOfAProjectThatHasNothingLeft() {
        release(request("shop"));

        assertEquals(List.of(), store.keys("turn/"));
        assertEquals(List.of(), store.keys("slot/"));
    }

    private Attempt runningNow() {
        return attempts.get(attempts.size() - 1);
    }

    private void committed(List<ModelContext.Sent> sent) {
        for (ModelContext.Sent one : sent) {
            if (one.topic() == Topic.ASSIGNMENTS
                    && ModelTopics.read(one.topic(), one.record()).event() instanceof WorkAssigned work) {
                assigned.add(work.work().project());
                attempts.add(work.attempt());
            }
        }
    }

    private Attempt request(String project) {
        Work work = work(project);
        topics.say(Topic.POOL_REQUESTS, "request-" + count++, new SlotRequested("default", work, topics.now()));
        work();
        return work.attempt();
    }

    private void release(Attempt attempt) {
        topics.say(Topic.POOL_REQUESTS, "release-" + count++, new SlotReleased("default", attempt));
        work();
    }

    private void work() {
        Random random = new Random(1);
        while (task.step(random)) {
            task.commit();
        }
    }

    private Work work(String project) {
        PlanReading reading = PlanReader.read(ModelPipelines.source("first", 0), Map.of());
        Plan plan = ((PlanReading.Readable) reading).plan();
        return Run.begun(new RunQueued(
                        project,
                        new UUID(0, ++count),
                        "first",
                        "1",
                        new Cause(Cause.Kind.MANUAL, "ana", "request", START),
                        new Revision(
                                Optional.empty(),
                                "main",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        plan))
                .work(plan.jobs().get(0));
    }
}

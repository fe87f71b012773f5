package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of a run, and what another replica makes of it. */
class RunStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Rows ROWS = new Rows(ModelTopics.CODEC.mapper());

    private final MemoryStore store = new MemoryStore(ProjectStores.STORE);
    private final RunStore runs = new RunStore(store, ROWS);
    private final UUID id = UUID.fromString("9d0f0f3e-5c3a-5b44-9f4e-0d9d2f9b6a01");

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 17, 300})
    void anotherReplicaHasTheSameRunAfterEachEvent(int jobs) {
        RunRow row = begin(jobs);
        runs.put(row, NOW);
        assertEquals(Optional.of(row), another().run(id));

        for (int job = 0; job < jobs; job += 7) {
            row = after(row, queued("job" + job));
            runs.put(row, NOW);

            assertEquals(Optional.of(row), another().run(id));
        }
    }

    @Test
    void anEventOfOneOfManyJobsWritesThatJobAlone() {
        RunRow row = begin(300);
        runs.put(row, NOW);
        int before = store.writes();

        runs.put(after(row, queued("job70")), NOW);

        assertEquals(2, store.writes() - before, "the run, and the job");
    }

    @Test
    void nothingButItsEndIsLeftOfAnEndedRun() {
        RunRow row = begin(300);
        runs.put(row, NOW);

        runs.put(after(row, new RunFinished("shop", id, "main", Outcome.CANCELLED, Optional.empty())), NOW);

        assertEquals(Optional.empty(), another().run(id));
        assertEquals(Optional.of(Outcome.CANCELLED), another().ended(id).map(EndedRun::outcome));
        assertEquals(List.of("ended/" + id, "plan/main"), store.keys(""));
    }

    private RunStore another() {
        return new RunStore(store, ROWS);
    }

    private RunRow begin(int jobs) {
        Plan plan = plan(jobs);
        runs.putPlan("main", plan);
        Cause cause = new Cause(Cause.Kind.MANUAL, "ana", "key", NOW);
        Revision revision = new Revision(
                Optional.empty(), "main", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Run run = Run.begun(new RunQueued("shop", id, "main", "0123456789ab", cause, revision, plan));
        return new RunRow(run, "main", id, 0, 0);
    }

    private static RunRow after(RunRow row, Event event) {
        return row.with(Run.evolve(Optional.of(row.run()), event));
    }

    private JobQueued queued(String job) {
        return new JobQueued("shop", new Attempt(id, job, 1), "default");
    }

    private static Plan plan(int jobs) {
        String source = IntStream.range(0, jobs)
                .mapToObj(job -> "  job" + job + ": {steps: [make]}\n")
                .collect(Collectors.joining("", "name: main\non: manual\njobs:\n", ""));
        if (PlanReader.read(source) instanceof PlanReading.Readable readable) {
            return readable.plan();
        }
        throw new AssertionError(source);
    }
}

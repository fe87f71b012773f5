package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.lock.Lock;
import dev.flujo.core.lock.Place;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and jobs of concurrency groups, in the orchestrator. */
class ConcurrencyTopologyTest {

    private static final String RUNS =
            "name: main\non: push\nconcurrency: {group: all, policy: %s}\njobs: {a: {steps: [make]}}\n";
    private static final String JOBS =
            "name: main\non: push\njobs: {a: {concurrency: {group: database, policy: %s}, steps: [make]}}\n";

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.alive("r1", 10);
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void letsOneRunOfAGroupGoOnAfterTheOther() {
        define(RUNS, "queue");
        UUID first = push(1);
        UUID second = push(2);
        UUID third = push(3);

        assertEquals(2, orchestrator.count(Topic.RUNS, LockQueued.class));
        end(first, Outcome.FAILED);
        assertTrue(orchestrator.of(third, JobQueued.class).isEmpty());
        end(second, Outcome.SUCCEEDED);
        end(third, Outcome.SUCCEEDED);

        assertEquals(Outcome.FAILED, outcome(first));
        assertEquals(Outcome.SUCCEEDED, outcome(second));
        assertEquals(Outcome.SUCCEEDED, outcome(third));
        assertTrue(lock("group:all").unused());
    }

    @Test
    void givesTheTurnOfACancelledRunToTheNext() {
        define(RUNS, "queue");
        UUID first = push(1);
        UUID second = push(2);
        UUID third = push(3);

        cancel(second);
        cancel(first);
        assertTrue(orchestrator.of(third, JobQueued.class).isEmpty(), "the runner has not stopped it yet");
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(new Attempt(first, "a", 1), Outcome.CANCELLED));

        assertEquals(1, orchestrator.of(third, JobQueued.class).size());
        assertEquals(Outcome.CANCELLED, outcome(second));
    }

    @Test
    void freesTheTurnOfARunThatRunsIntoItsTimeout() {
        orchestrator.define("main", RUNS.formatted("queue").replace("jobs:", "timeout: 30s\njobs:"));
        UUID first = push(1);
        orchestrator.started(first, "a");
        orchestrator.tick(Duration.ofSeconds(20), "r1");
        UUID second = push(2);

        orchestrator.tick(Duration.ofSeconds(12), "r1");
        assertTrue(orchestrator.of(second, JobQueued.class).isEmpty(), "what goes on has not stopped");
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(new Attempt(first, "a", 1), Outcome.CANCELLED));

        assertEquals(Outcome.CANCELLED, outcome(first));
        assertEquals(1, orchestrator.of(second, JobQueued.class).size());
    }

    @Test
    void cancelsWhatIsOlderAndWaitsForItsEnd() {
        define(RUNS, "cancel-older");
        UUID first = push(1);
        Attempt running = orchestrator.started(first, "a");
        UUID second = push(2);
        UUID third = push(3);

        assertEquals(Outcome.CANCELLED, outcome(second));
        assertEquals(
                running, orchestrator.only(Topic.ASSIGNMENTS, WorkStopped.class).attempt());
        assertTrue(orchestrator.of(third, JobQueued.class).isEmpty());
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(running, Outcome.CANCELLED));

        assertEquals(Outcome.CANCELLED, outcome(first));
        end(third, Outcome.SUCCEEDED);
        assertEquals(Outcome.SUCCEEDED, outcome(third));
    }

    @Test
    void cancelsOnlyWhatWaitsWhereTheLatestCounts() {
        define(RUNS, "latest-only");
        UUID first = push(1);
        UUID second = push(2);
        UUID third = push(3);

        assertEquals(Outcome.CANCELLED, outcome(second));
        end(first, Outcome.SUCCEEDED);
        end(third, Outcome.SUCCEEDED);
        assertEquals(Outcome.SUCCEEDED, outcome(first));
        assertEquals(Outcome.SUCCEEDED, outcome(third));
    }

    @Test
    void asksForTheGroupOfAJobBeforeItsEnvironment() {
        orchestrator.define(
                "main",
                "name: main\non: push\njobs: {a: {environment: staging, concurrency: database, steps: [make]}}\n");
        UUID first = push(1);
        push(2);

        assertEquals(
                List.of("group:database", "environment:staging"),
                orchestrator.of(first, LockRequested.class).stream()
                        .map(LockRequested::lock)
                        .toList());
        assertEquals(List.of(Claim.of(new Attempt(first, "a", 1))), holders("environment:staging"));
        end(first, Outcome.SUCCEEDED);
        assertEquals(1, lock("environment:staging").holders().size());
        assertEquals(0, lock("group:database").queue().size());
    }

    @Test
    void endsAnOlderJobForANewerOneOfItsGroup() {
        define(JOBS, "cancel-older");
        UUID first = push(1);
        Attempt running = orchestrator.started(first, "a");
        UUID second = push(2);

        assertEquals(
                running, orchestrator.only(Topic.ASSIGNMENTS, WorkStopped.class).attempt());
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(running, Outcome.CANCELLED));

        assertEquals(Outcome.CANCELLED, outcome(first));
        end(second, Outcome.SUCCEEDED);
        assertEquals(Outcome.SUCCEEDED, outcome(second));
    }

    @Test
    void freesTheLockOfAnAttemptThatIsLostAndQueuesTheNextOneBehindTheOthers() {
        define(JOBS, "queue");
        UUID first = push(1);
        UUID second = push(2);
        orchestrator.started(first, "a");

        orchestrator.tick(Duration.ofSeconds(31), "r2");

        assertEquals(List.of(Claim.of(new Attempt(second, "a", 1))), holders("group:database"));
        assertEquals(
                List.of(Claim.of(new Attempt(first, "a", 2))),
                lock("group:database").queue().stream().map(Place::claim).toList());
    }

    @Test
    void lettingOneRunHoldTheGroupAlsoForItsJobsIsNoDeadlock() {
        orchestrator.define(
                "main", "name: main\non: push\nconcurrency: all\njobs: {a: {concurrency: all, steps: [make]}}\n");
        UUID run = push(1);
        end(run, Outcome.SUCCEEDED);

        assertEquals(Outcome.SUCCEEDED, outcome(run));
        assertTrue(lock("group:all").unused());
    }

    @Test
    void failsARunWhoseGroupHasNoName() {
        orchestrator.define(
                "main",
                "name: main\non: {push: {}}\nconcurrency: \"${{ event.title }}\"\njobs: {a: {steps: [make]}}\n");
        UUID run = push(1);

        RunFinished finished = orchestrator.of(run, RunFinished.class).get(0);
        assertEquals(Outcome.FAILED, finished.outcome());
        assertTrue(finished.reason().orElseThrow().startsWith("Expected a name"), finished::toString);
    }

    @Test
    void asksForNothingWhereThereIsNoGroup() {
        orchestrator.define("main", "name: main\non: push\njobs: {a: {steps: [make]}}\n");
        push(1);

        assertEquals(0, orchestrator.count(Topic.RUNS, LockRequested.class));
        assertEquals(2, orchestrator.read(Topic.RUNS).size());
        assertEquals(
                Optional.empty(),
                orchestrator.only(Topic.POOL_REQUESTS, SlotRequested.class).lock());
    }

    @Test
    void keepsALongQueueInItsOrder() {
        define(RUNS, "queue");
        for (int i = 1; i <= 200; i++) {
            push(i);
        }

        List<Place> queue = lock("group:all").queue();
        assertEquals(199, queue.size());
        for (int i = 0; i < queue.size(); i++) {
            assertEquals(run(i + 2), queue.get(i).claim().run());
        }
    }

    private void define(String pipeline, String policy) {
        orchestrator.define("main", pipeline.formatted(policy));
    }

    private UUID push(int number) {
        orchestrator.push("delivery-" + number, "main");
        return run(number);
    }

    private static UUID run(int number) {
        return DerivedId.run("shop", "main", "delivery-" + number);
    }

    private void cancel(UUID run) {
        orchestrator.send(Topic.COMMANDS, new CancelRun("shop", run, "ana", "enough"));
    }

    private void end(UUID run, Outcome outcome) {
        assertFalse(
                orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                        .filter(assigned -> assigned.attempt().run().equals(run))
                        .toList()
                        .isEmpty(),
                "it has been assigned");
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(orchestrator.started(run, "a"), outcome));
    }

    private Outcome outcome(UUID run) {
        List<RunFinished> ends = orchestrator.of(run, RunFinished.class);
        assertEquals(1, ends.size(), "ends of the run");
        return ends.get(0).outcome();
    }

    private List<Claim> holders(String name) {
        return lock(name).holders().stream().map(Place::claim).toList();
    }

    /** As a task would have it that has just taken over. */
    private Lock lock(String name) {
        Rows rows = new Rows(new EventCodec().mapper());
        return new LockStore(orchestrator.driver().getKeyValueStore(ProjectStores.STORE), rows).lock("shop", name);
    }
}

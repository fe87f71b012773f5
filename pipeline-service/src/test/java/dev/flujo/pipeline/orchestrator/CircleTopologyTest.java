package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that would wait for each other for ever, in the orchestrator. */
class CircleTopologyTest {

    private static final String PIPELINE =
            "name: %s\non: {manual: {}}\nconcurrency: %s\njobs: {a: {steps: [make]}, b: {needs: [a], concurrency: {group: %s,"
                    + " policy: %s}, steps: [make]}}\n";

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
    void theJobThatAsksLastGivesWayAndSaysWhatItWouldHaveWaitedFor() {
        define("first", "x", "y", "queue");
        define("second", "y", "x", "queue");
        UUID first = orchestrator.start("first");
        UUID second = orchestrator.start("second");

        end(first, "a");
        assertTrue(orchestrator.of(first, RunFinished.class).isEmpty(), "nothing waits for it yet");
        end(second, "a");

        JobFinished gaveWay = orchestrator.of(second, JobFinished.class).get(1);
        assertEquals(new Attempt(second, "b", 1), gaveWay.attempt());
        assertEquals(Outcome.FAILED, gaveWay.outcome());
        assertEquals(Optional.of("circle"), gaveWay.failure());
        assertEquals(
                "the job would wait for ever for concurrency group 'x', held by run " + first
                        + ", which waits for concurrency group 'y', held by this run; it asked last, so it gives way: let"
                        + " both ask for these groups in the same order",
                gaveWay.reason().orElseThrow());
        assertEquals(Outcome.FAILED, outcome(second));
        assertEquals(
                1,
                orchestrator.of(first, JobQueued.class).stream()
                        .filter(queued -> queued.attempt().job().equals("b"))
                        .count());
        end(first, "b");
        assertEquals(Outcome.SUCCEEDED, outcome(first));
    }

    @Test
    void findsACircleOfThree() {
        define("first", "x", "y", "queue");
        define("second", "y", "z", "queue");
        define("third", "z", "x", "queue");
        UUID first = orchestrator.start("first");
        UUID second = orchestrator.start("second");
        UUID third = orchestrator.start("third");

        end(first, "a");
        end(second, "a");
        end(third, "a");

        assertEquals(Outcome.FAILED, outcome(third));
        assertEquals(1, orchestrator.count(Topic.RUNS, RunFinished.class));
        end(second, "b");
        end(first, "b");
        assertEquals(Outcome.SUCCEEDED, outcome(first));
        assertEquals(Outcome.SUCCEEDED, outcome(second));
    }

    @Test
    void noJobGivesWayWhereItsPolicyEndsTheOneThatWaitsForIt() {
        define("first", "x", "y", "queue");
        define("second", "y", "x", "cancel-older");
        UUID first = orchestrator.start("first");
        UUID second = orchestrator.start("second");

        end(first, "a");
        end(second, "a");

        assertEquals(Outcome.CANCELLED, outcome(first));
        end(second, "b");
        assertEquals(Outcome.SUCCEEDED, outcome(second));
    }

    @Test
    void whoOnlyStandsBehindOthersIsInNoCircle() {
        define("first", "x", "y", "queue");
        define("second", "z", "x", "queue");
        UUID first = orchestrator.start("first");
        UUID second = orchestrator.start("second");

        end(second, "a");
        end(first, "a");
        end(first, "b");
        end(second, "b");

        assertEquals(Outcome.SUCCEEDED, outcome(first));
        assertEquals(Outcome.SUCCEEDED, outcome(second));
    }

    private void define(String name, String turn, String group, String policy) {
        orchestrator.define(name, PIPELINE.formatted(name, turn, group, policy));
    }

    private void end(UUID run, String job) {
        Attempt attempt = new Attempt(run, job, 1);
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", DrivenOrchestrator.START));
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));
    }

    private Outcome outcome(UUID run) {
        List<RunFinished> ends = orchestrator.of(run, RunFinished.class);
        assertEquals(1, ends.size(), "ends of the run");
        return ends.get(0).outcome();
    }
}

package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.SignalEvent.UpstreamFinished;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TriggersTopologyTest {

    private static final String BUILD =
            """
            name: main
            on: {push: {branches: [main]}, manual: {}}
            jobs:
              build: {steps: [{name: work, run: "true"}], timeout: 1s}
            """;

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void startsAPipelineWhenAnotherHasFinished() {
        orchestrator.define("main", BUILD);
        orchestrator.define("after", "name: after\non: {upstream: {pipeline: main}}\njobs: {a: {steps: [make]}}\n");
        orchestrator.alive("r1");
        orchestrator.push("delivery-1", "main");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));

        RunQueued after = orchestrator.all(Topic.RUNS, RunQueued.class).get(1);
        assertEquals("after", after.pipeline());
        assertEquals(Optional.of("abc"), after.revision().commit());
    }

    @Test
    void endsAChainOfPipelinesThatStartEachOther() {
        orchestrator.define(
                "ring",
                "name: ring\non: {push: , upstream: {pipeline: ring}}\njobs: {a: {if: 'false', steps: [make]}}\n");

        orchestrator.push("delivery-1", "main");

        assertEquals(11, orchestrator.count(Topic.RUNS, RunQueued.class));
        RunRefused refused = orchestrator.only(Topic.RUNS, RunRefused.class);
        assertEquals("chain-too-long", refused.reason());
        assertTrue(refused.detail().startsWith("Expected at most 10 runs that start each other"), refused.detail());
    }

    @Test
    void startsAPipelineWhenOneOfAnotherProjectHasFinished() {
        orchestrator.define("main", "name: main\non: push\njobs: {a: {if: 'false', steps: [make]}}\n");
        orchestrator.define("side", "name: side\non: push\njobs: {a: {if: 'false', steps: [make]}}\n");
        orchestrator.define(
                "bakery",
                "after",
                "name: after\non: {upstream: {project: shop, pipeline: main, branch: main}}\njobs: {a: {steps: [make]}}\n");
        orchestrator.push("bakery", "delivery-0", "main");

        orchestrator.push("delivery-1", "main");

        RunQueued after = orchestrator.all(Topic.RUNS, RunQueued.class).stream()
                .filter(queued -> queued.project().equals("bakery"))
                .reduce((one, other) -> {
                    throw new AssertionError("two runs: " + one + other);
                })
                .orElseThrow();
        assertEquals(Cause.Kind.UPSTREAM, after.cause().kind());
        assertEquals(Optional.of("abc"), after.revision().commit());

        orchestrator.define("bakery", "after", "name: after\non: push\njobs: {a: {steps: [make]}}\n");
        orchestrator.push("delivery-2", "main");
        assertEquals(5, orchestrator.count(Topic.RUNS, RunQueued.class));
        assertEquals(1, orchestrator.count(Topic.COMMANDS, UpstreamFinished.class));
    }

    @Test
    void endsAChainOfPipelinesOfTwoProjectsThatStartEachOther() {
        String ring =
                """
                name: ring
                on: {push: , upstream: {project: %s, pipeline: ring}}
                jobs: {a: {if: 'false', steps: [make]}}
                """;
        orchestrator.define("shop", "ring", String.format(ring, "bakery"));
        orchestrator.define("bakery", "ring", String.format(ring, "shop"));
        orchestrator.push("bakery", "delivery-0", "other");
        long before = orchestrator.count(Topic.RUNS, RunQueued.class);

        orchestrator.push("delivery-1", "main");

        assertTrue(orchestrator.count(Topic.RUNS, RunQueued.class) - before <= 11);
    }

    @Test
    void startsAPipelineForARecordOnce() {
        orchestrator.define(
                "main",
                "name: main\ninputs: {tag: {required: true}}\non: {kafka: {topic: images, if: event.payload.name == 'jdk',"
                        + " inputs: {tag: '${{ event.payload.tag }}'}}}\njobs: {a: {steps: [make]}}\n");
        orchestrator.push("delivery-1", "main");

        orchestrator.send(Topic.COMMANDS, record(1, Map.of("name", "jdk", "tag", 21)));
        orchestrator.send(Topic.COMMANDS, record(1, Map.of("name", "jdk", "tag", 21)));
        orchestrator.send(Topic.COMMANDS, record(2, Map.of("name", "node", "tag", 21)));
        orchestrator.send(Topic.COMMANDS, record(3, "no mapping"));

        RunQueued queued = orchestrator.only(Topic.RUNS, RunQueued.class);
        assertEquals(Cause.Kind.KAFKA, queued.cause().kind());
        assertEquals("images-0@1", queued.cause().id());
        assertEquals(Map.of("tag", "21"), queued.inputs());
    }

    @Test
    void tellsOfARecordWithAValueThatAnInputCannotHave() {
        orchestrator.define(
                "main",
                "name: main\ninputs: {copies: {type: number}}\non: {kafka: {topic: images,"
                        + " inputs: {copies: '${{ event.payload.copies }}'}}}\njobs: {a: {steps: [make]}}\n");

        orchestrator.send(Topic.COMMANDS, record(1, Map.of("copies", "many")));
        orchestrator.send(Topic.COMMANDS, record(1, Map.of("copies", "many")));

        RunRefused refused = orchestrator.only(Topic.RUNS, RunRefused.class);
        assertEquals("trigger-refused", refused.reason());
        assertEquals("Expected a number for `copies`, but it is `many`", refused.detail());
    }

    @Test
    void startsEachOfTwoSchedulesOfTheSameTime() {
        orchestrator.define(
                "nightly",
                "name: nightly\non: {schedule: [{cron: '*/5 * * * *'}, {cron: '*/5 * * * *', branch: next},"
                        + " {cron: '*/5 * * * *', timezone: Europe/Berlin}]}\njobs: {a: {steps: [make]}}\n");
        orchestrator.push("delivery-1", "main");
        orchestrator.push("delivery-2", "next");

        orchestrator.driver().advanceWallClockTime(Duration.ofMinutes(6));

        assertEquals(
                List.of("main", "main", "next"),
                orchestrator.all(Topic.RUNS, RunQueued.class).stream()
                        .map(queued -> queued.revision().branch())
                        .sorted()
                        .toList());
    }

    @Test
    void tellsOfATimeOnABranchThatNobodyHasSeen() {
        orchestrator.send(
                Topic.PIPELINES,
                new PipelineDefined(
                        "shop",
                        "nightly",
                        "0123456789ab",
                        Optional.of("https://git.example.com/shop.git"),
                        "name: nightly\non: {schedule: {cron: '*/5 * * * *', branch: next}}\njobs: {a: {steps: [make]}}\n",
                        "ana",
                        START));

        orchestrator.driver().advanceWallClockTime(Duration.ofMinutes(6));

        RunRefused refused = orchestrator.only(Topic.RUNS, RunRefused.class);
        assertEquals("commit-unknown", refused.reason());
        assertEquals(
                "Expected a branch of which a commit has been seen, but none of 'next' has; push to it, or name another"
                        + " one in `branch`",
                refused.detail());
    }

    private static RecordReceived record(long offset, Object payload) {
        return new RecordReceived("shop", "images", 0, offset, Optional.of("k"), Map.of(), Optional.of(payload), START);
    }

    @Test
    void startsAPipelineWhenItsTimeHasCome() {
        orchestrator.define(
                "nightly", "name: nightly\non: {schedule: {cron: '*/5 * * * *'}}\njobs: {a: {steps: [make]}}\n");
        orchestrator.push("delivery-1", "main");

        orchestrator.driver().advanceWallClockTime(Duration.ofMinutes(6));
        orchestrator.driver().advanceWallClockTime(Duration.ofSeconds(1));

        assertEquals(
                Cause.Kind.SCHEDULE,
                orchestrator.only(Topic.RUNS, RunQueued.class).cause().kind());
    }

    @Test
    void triesAgainAfterThePause() {
        orchestrator.define(
                "main", "name: main\njobs: {a: {retry: {max: 1, on: failure, backoff: 2s}, steps: [make]}}\n");
        orchestrator.alive("r1");
        orchestrator.push("delivery-1", "main");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.FAILED));
        assertEquals(1, orchestrator.count(Topic.ASSIGNMENTS, WorkAssigned.class));
        orchestrator.tick(Duration.ofSeconds(4), "r1");

        assertEquals(
                2,
                orchestrator
                        .all(Topic.ASSIGNMENTS, WorkAssigned.class)
                        .get(1)
                        .attempt()
                        .number());
    }

    @Test
    void goesOnWithAPlanThatARunHasMadeItsOwn() {
        orchestrator.define(
                "main",
                "name: main\njobs: {l: {outputs: [m], steps: [make]},"
                        + " t: {needs: l, matrix: {m: '${{ json(needs.l.outputs.m) }}'}, steps: [make]}}\n");
        orchestrator.alive("r1");
        orchestrator.push("delivery-1", "main");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        JobEvent.Output output = new JobEvent.Output("m", 5, "0".repeat(64), Optional.of("[\"x\"]"));

        orchestrator.send(
                Topic.BUILDS,
                new JobFinished(
                        "shop",
                        attempt,
                        "r1",
                        Outcome.SUCCEEDED,
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        START,
                        Optional.empty(),
                        Optional.of(new JobEvent.Leaves(List.of(output), Optional.empty()))));

        WorkAssigned cell =
                orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).get(1);
        assertEquals("t.x", cell.attempt().job());
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(cell.attempt(), Outcome.SUCCEEDED));
        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }
}

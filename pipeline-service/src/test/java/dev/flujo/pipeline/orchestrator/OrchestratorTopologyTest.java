package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.CHAIN;
import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrchestratorTopologyTest {

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
    void isWhatTheCommittedDescriptionSays() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("topology.txt")) {
            String approved = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String actual = OrchestratorTopology.build(
                            new EventCodec(),
                            new OrchestratorMeters(new SimpleMeterRegistry()),
                            new SteadyTime(),
                            task -> new FakeInHand())
                    .describe()
                    .toString();
            assertEquals(approved.strip(), actual.strip());
        }
    }

    @Test
    void takesACommitToTheEndOfItsRun() {
        orchestrator.define("main", BUILD);
        orchestrator.push("delivery-1", "main");
        orchestrator.alive("r1");

        WorkAssigned assigned = orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class);
        assertEquals("abc", assigned.work().revision().commit().orElseThrow());
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", assigned.attempt(), "r1", START));
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(assigned.attempt(), Outcome.SUCCEEDED));

        List<Envelope> log = orchestrator.read(Topic.RUNS);
        assertTrue(log.get(0).event() instanceof RunQueued);
        assertEquals(Outcome.SUCCEEDED, ((RunFinished) log.get(log.size() - 1).event()).outcome());
        for (int i = 0; i < log.size(); i++) {
            assertEquals(i + 1, log.get(i).sequence());
            assertEquals(CHAIN, log.get(i).chainId());
        }
    }

    @Test
    void startsOneRunForTheSameDeliveryTwice() {
        orchestrator.define("main", BUILD);
        orchestrator.push("delivery-1", "main");
        orchestrator.push("delivery-1", "main");
        orchestrator.push("delivery-2", "main");

        assertEquals(2, orchestrator.count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void startsNoSecondRunForACauseWhoseRunHasEnded() {
        orchestrator.define("main", BUILD);
        orchestrator.alive("r1");
        orchestrator.push("delivery-1", "main");
        WorkAssigned assigned = orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class);
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(assigned.attempt(), Outcome.SUCCEEDED));

        orchestrator.push("delivery-1", "main");

        assertEquals(1, orchestrator.count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void leavesBranchesAloneThatNoTriggerNames() {
        orchestrator.define("main", BUILD);
        orchestrator.push("delivery-1", "feature/x");

        assertEquals(0, orchestrator.count(Topic.RUNS, RunQueued.class));
        assertEquals(1, orchestrator.count(Topic.RUNS, RunSkipped.class));
    }

    @Test
    void refusesToStartAnUnknownPipeline() {
        orchestrator.start("nothing");

        RunRefused refused = orchestrator.only(Topic.RUNS, RunRefused.class);
        assertEquals("pipeline-unknown", refused.reason());
    }

    @Test
    void tellsTheRunnerToStopWhatIsCancelled() {
        orchestrator.define("main", BUILD);
        orchestrator.alive("r1");
        UUID run = orchestrator.start("main");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));

        orchestrator.send(Topic.COMMANDS, new CancelRun("shop", run, "ana", "enough"));

        assertEquals(
                attempt, orchestrator.only(Topic.ASSIGNMENTS, WorkStopped.class).attempt());
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.CANCELLED));
        assertEquals(
                Outcome.CANCELLED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void recordsARefusedCancelInTheAudit() {
        orchestrator.send(Topic.COMMANDS, new CancelRun("shop", UUID.randomUUID(), "ana", "enough"));

        assertEquals(
                "RUN_UNKNOWN",
                orchestrator.only(Topic.AUDIT, ActionRecorded.class).result());
    }

    @Test
    void triesAgainWhenARunnerFallsSilent() {
        orchestrator.define("main", BUILD);
        orchestrator.alive("r1");
        orchestrator.start("main");
        orchestrator.tick(Duration.ofSeconds(31), "r2");

        List<Integer> attempts = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .map(assigned -> assigned.attempt().number())
                .toList();
        assertEquals(List.of(1, 2), attempts);
    }

    @Test
    void stepsInWhenAJobOutlivesItsTimeout() {
        orchestrator.define("main", BUILD);
        orchestrator.alive("r1");
        orchestrator.start("main");
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));

        orchestrator.tick(Duration.ofSeconds(125), "r1");

        assertEquals(
                Outcome.ERRORED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void buriesWhatCannotBeReadAndGoesOn() {
        orchestrator.define("main", BUILD);
        orchestrator.pipe(
                Topic.COMMANDS, "shop", "{".getBytes(StandardCharsets.UTF_8), Map.of("ce_type", "x", "ce_id", "y"));
        orchestrator.start("main");

        TestRecord<byte[], byte[]> dead = orchestrator
                .driver()
                .createOutputTopic(
                        Topic.COMMANDS.deadLetterName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecord();
        assertTrue(EventRecords.headers(dead.headers())
                .get(EventRecords.REASON_HEADER)
                .startsWith("Expected JSON"));
        assertEquals(1, orchestrator.count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void derivesTheSameEventIdsFromTheSameCause() {
        orchestrator.define("main", BUILD);
        orchestrator.push("delivery-1", "main");
        UUID run = DerivedId.run("shop", "main", "delivery-1");

        Set<String> ids = new HashSet<>();
        orchestrator.read(Topic.RUNS).forEach(envelope -> ids.add(envelope.id()));

        assertEquals(Set.of(DerivedId.event(run, "delivery-1", 0), DerivedId.event(run, "delivery-1", 1)), ids);
    }
}

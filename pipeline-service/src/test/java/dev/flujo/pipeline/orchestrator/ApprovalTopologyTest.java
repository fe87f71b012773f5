package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent.AnswerApproval;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobFinished;
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

/** Jobs that wait for people, in the orchestrator. */
class ApprovalTopologyTest {

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.define(
                "main", "name: main\njobs: {a: {approval: {from: group:sre, count: 2, expires: 1m}, steps: [make]}}\n");
        orchestrator.alive("r1");
        orchestrator.push("delivery-1", "main");
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void asksForNoSlotBeforeEnoughHaveConsented() {
        answer("bob", true);

        assertEquals(0, orchestrator.count(Topic.POOL_REQUESTS, SlotRequested.class));
        answer("eve", true);
        assertEquals(1, orchestrator.count(Topic.ASSIGNMENTS, WorkAssigned.class));
    }

    @Test
    void countsAnAnswerThatComesTwiceOnce() {
        answer("bob", true);
        answer("bob", true);

        assertEquals(1, orchestrator.count(Topic.RUNS, JobApproved.class));
        assertEquals(0, orchestrator.count(Topic.AUDIT, ActionRecorded.class));
    }

    @Test
    void recordsWhoseWordDidNotCount() {
        orchestrator.send(
                Topic.COMMANDS, new AnswerApproval("shop", run(), "a", true, "mallory", List.of(), Optional.empty()));

        ActionRecorded recorded = orchestrator.only(Topic.AUDIT, ActionRecorded.class);
        assertEquals("job.approve", recorded.action());
        assertEquals("mallory", recorded.by());
        assertEquals("NOT_ALLOWED", recorded.result());
    }

    @Test
    void endsTheRunWhenSomebodyRejects() {
        answer("bob", false);

        assertEquals(1, orchestrator.count(Topic.RUNS, RunFinished.class));
        orchestrator.tick(Duration.ofSeconds(90), "r1");
        assertEquals(1, orchestrator.count(Topic.RUNS, JobFinished.class));
    }

    @Test
    void endsTheRunWhenTheTimeIsOver() {
        answer("bob", true);

        orchestrator.tick(Duration.ofSeconds(55), "r1");
        assertEquals(0, orchestrator.count(Topic.RUNS, RunFinished.class));
        orchestrator.tick(Duration.ofSeconds(10), "r1");

        assertEquals(
                Optional.of("expired"),
                orchestrator.only(Topic.RUNS, JobFinished.class).failure());
        assertEquals(1, orchestrator.count(Topic.RUNS, RunFinished.class));
    }

    private void answer(String by, boolean approved) {
        orchestrator.send(
                Topic.COMMANDS, new AnswerApproval("shop", run(), "a", approved, by, List.of("sre"), Optional.empty()));
    }

    private UUID run() {
        return orchestrator.only(Topic.RUNS, ApprovalRequested.class).attempt().run();
    }
}

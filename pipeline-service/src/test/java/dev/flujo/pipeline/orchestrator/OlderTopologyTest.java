package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent.AnswerApproval;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DerivedId;
import dev.flujo.event.JobEvent.ApprovalOutdated;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is older never follows on what is newer in an environment, unless somebody says so. */
class OlderTopologyTest {

    private static final String PIPELINE =
            "name: main\non: [push, manual]\njobs: {a: {steps: [make]}, b: {needs: a, environment: staging, steps: [make]}}\n";
    private static final String APPROVED =
            "name: main\non: [push, manual]\njobs: {b: {environment: staging, approval: , steps: [make]}}\n";

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
    void refusesTheOlderOfTwoCommitsAfterTheNewer() {
        orchestrator.define("main", PIPELINE);
        UUID older = push(1);
        UUID newer = push(2);
        end(newer, "a");
        end(newer, "b");

        end(older, "a");

        JobFinished refused = orchestrator.of(older, JobFinished.class).get(1);
        assertEquals(Outcome.CANCELLED, refused.outcome());
        assertTrue(refused.reason().orElseThrow().contains("run " + newer + " has left something newer"));
        assertEquals(
                Outcome.CANCELLED,
                orchestrator.of(older, RunFinished.class).get(0).outcome());
    }

    @Test
    void lettingThemInTheirOrderIsNoHarm() {
        orchestrator.define("main", PIPELINE);
        UUID older = push(1);
        UUID newer = push(2);
        end(older, "a");
        end(newer, "a");
        end(older, "b");
        end(newer, "b");

        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.of(older, RunFinished.class).get(0).outcome());
        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.of(newer, RunFinished.class).get(0).outcome());
    }

    @Test
    void aRunByHandOfTheNewestCommitIsAsOldAsThat() {
        orchestrator.define("main", PIPELINE);
        push(1);
        UUID byHand = start(Optional.empty());
        UUID named = start(Optional.of("1".repeat(40)));

        assertEquals(
                START.plusSeconds(1),
                orchestrator.of(byHand, RunQueued.class).get(0).cause().age());
        assertEquals(
                START.plusSeconds(100),
                orchestrator.of(named, RunQueued.class).get(0).cause().age());
    }

    @Test
    void tellsAJobThatWaitsForApprovalThatItIsOutdated() {
        orchestrator.define("main", APPROVED);
        UUID older = push(1);
        UUID newer = push(2);
        answer(newer, false);
        end(newer, "b");

        assertEquals(
                newer, orchestrator.of(older, ApprovalOutdated.class).get(0).by());
        answer(older, false);
        assertEquals(
                "OUTDATED", orchestrator.only(Topic.AUDIT, ActionRecorded.class).result());
        assertTrue(orchestrator.of(older, JobQueued.class).isEmpty());
        answer(older, true);
        end(older, "b");
        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.of(older, RunFinished.class).get(0).outcome());
    }

    @Test
    void tellsAJobThatBeginsToWaitForApprovalLater() {
        orchestrator.define("main", PIPELINE.replace("staging,", "staging, approval: ,"));
        UUID older = push(1);
        UUID newer = push(2);
        end(newer, "a");
        answer(newer, false);
        end(newer, "b");

        end(older, "a");

        assertEquals(1, orchestrator.of(older, ApprovalOutdated.class).size());
        assertTrue(orchestrator.of(newer, ApprovalOutdated.class).isEmpty());
    }

    private UUID push(int number) {
        orchestrator.send(
                Topic.COMMITS,
                "delivery-" + number,
                new CommitPushed(
                        "shop",
                        "main",
                        Integer.toString(number).repeat(40),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "ana",
                        START.plusSeconds(number)));
        return DerivedId.run("shop", "main", "delivery-" + number);
    }

    private UUID start(Optional<String> commit) {
        UUID run = UUID.randomUUID();
        orchestrator.send(
                Topic.COMMANDS, new StartRun("shop", run, "main", "main", commit, "ana", "r", START.plusSeconds(100)));
        return run;
    }

    private void answer(UUID run, boolean older) {
        orchestrator.send(
                Topic.COMMANDS,
                new AnswerApproval(
                        "shop",
                        run,
                        "b",
                        true,
                        "bob",
                        List.of(),
                        Optional.empty(),
                        older ? Optional.of(true) : Optional.empty()));
    }

    private void end(UUID run, String job) {
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(orchestrator.started(run, job), Outcome.SUCCEEDED));
    }
}

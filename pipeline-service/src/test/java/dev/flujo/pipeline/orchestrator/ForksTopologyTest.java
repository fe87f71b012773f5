package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent.ApproveRun;
import dev.flujo.event.CommandEvent.RejectRun;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.SourceFile;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForksTopologyTest {

    private static final String BUILD = "name: m\non: pull_request\njobs: {a: {steps: [make]}}\n";
    private static final String BASE = "0".repeat(40);
    private static final String FIRST = "1".repeat(40);
    private static final String SECOND = "2".repeat(40);

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.alive("r1");
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void holdsTheRunOfASubmittedPipelineUntilItIsApproved() {
        orchestrator.define("main", BUILD);
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunHeld held = orchestrator.only(Topic.RUNS, RunHeld.class);
        assertEquals(FIRST, held.commit());
        assertEquals(0, orchestrator.count(Topic.ASSIGNMENTS, WorkAssigned.class));

        orchestrator.send(Topic.COMMANDS, new ApproveRun("shop", held.run(), FIRST, "ada"));
        orchestrator.send(Topic.COMMANDS, new ApproveRun("shop", held.run(), FIRST, "ada"));

        assertEquals("ada", orchestrator.only(Topic.RUNS, RunApproved.class).by());
        assertEquals(
                Optional.of(FIRST),
                orchestrator
                        .only(Topic.ASSIGNMENTS, WorkAssigned.class)
                        .work()
                        .revision()
                        .commit());
    }

    @Test
    void startsNothingThatFollowsFromARunOfAFork() {
        orchestrator.define("main", BUILD);
        orchestrator.define("after", "name: after\non: {upstream: {pipeline: main}}\njobs: {a: {steps: [make]}}\n");
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunHeld held = orchestrator.only(Topic.RUNS, RunHeld.class);
        orchestrator.send(Topic.COMMANDS, new ApproveRun("shop", held.run(), FIRST, "ada"));

        orchestrator.send(
                Topic.BUILDS,
                DrivenOrchestrator.finished(
                        orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt(), Outcome.SUCCEEDED));

        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
        assertEquals(1, orchestrator.count(Topic.RUNS, RunQueued.class));
    }

    @Test
    void runsWhatTheBaseDefines() {
        declare();
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunQueued reading = orchestrator.only(Topic.RUNS, RunQueued.class);
        assertEquals(Optional.of(BASE), reading.revision().commit());

        read(BUILD);

        RunQueued held = orchestrator.all(Topic.RUNS, RunQueued.class).get(1);
        assertEquals(Optional.of(FIRST), held.revision().commit());
        assertEquals(held.run(), orchestrator.only(Topic.RUNS, RunHeld.class).run());
    }

    @Test
    void dropsWhatIsHeldWhenThereIsANewerCommit() {
        orchestrator.define("main", BUILD);
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunHeld old = orchestrator.only(Topic.RUNS, RunHeld.class);

        request("delivery-2", "synchronize", SECOND, Optional.of(BASE));

        assertEquals(
                "pull request #7 has a newer commit: " + SECOND,
                orchestrator.only(Topic.RUNS, RunCancelling.class).reason());
        orchestrator.send(Topic.COMMANDS, new ApproveRun("shop", old.run(), FIRST, "ada"));
        assertEquals(0, orchestrator.count(Topic.RUNS, RunApproved.class));
        assertEquals(
                "RUN_FINISHED",
                orchestrator.only(Topic.AUDIT, ActionRecorded.class).result());
        assertEquals(SECOND, orchestrator.all(Topic.RUNS, RunHeld.class).get(1).commit());
    }

    @Test
    void startsNothingOfACommitThatWasOutdatedWhileTheBaseWasRead() {
        declare();
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        request("delivery-2", "synchronize", SECOND, Optional.of(BASE));

        read(BUILD);

        assertEquals(0, orchestrator.count(Topic.RUNS, RunHeld.class));
    }

    @Test
    void dropsWhatIsHeldWhenThePullRequestIsClosed() {
        orchestrator.define("main", BUILD);
        request("delivery-1", "opened", FIRST, Optional.of(BASE));

        request("delivery-2", "closed", FIRST, Optional.of(BASE));

        assertEquals(
                Outcome.CANCELLED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void rejectsARun() {
        orchestrator.define("main", BUILD);
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunHeld held = orchestrator.only(Topic.RUNS, RunHeld.class);

        orchestrator.send(Topic.COMMANDS, new RejectRun("shop", held.run(), FIRST, "ada", Optional.empty()));

        assertEquals("ada", orchestrator.only(Topic.RUNS, RunCancelling.class).by());
        assertEquals(
                Outcome.CANCELLED,
                orchestrator.only(Topic.RUNS, RunFinished.class).outcome());
    }

    @Test
    void givesUpAfterAWeek() {
        orchestrator.define("main", BUILD);
        request("delivery-1", "opened", FIRST, Optional.of(BASE));

        orchestrator.driver().advanceWallClockTime(Duration.ofDays(7).plusSeconds(2));
        orchestrator.driver().advanceWallClockTime(Duration.ofSeconds(1));

        assertEquals(
                "nobody approved it in time",
                orchestrator.only(Topic.RUNS, RunCancelling.class).reason());
    }

    @Test
    void countsTheTimeOfARunFromItsApproval() {
        orchestrator.define("main", "name: m\non: pull_request\ntimeout: 10s\njobs: {a: {steps: [make]}}\n");
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        RunHeld held = orchestrator.only(Topic.RUNS, RunHeld.class);
        orchestrator.tick(Duration.ofSeconds(15), "r1");
        assertEquals(0, orchestrator.count(Topic.RUNS, RunCancelling.class));

        orchestrator.send(Topic.COMMANDS, new ApproveRun("shop", held.run(), FIRST, "ada"));
        orchestrator.tick(Duration.ofSeconds(15), "r1");

        assertEquals(1, orchestrator.count(Topic.RUNS, RunCancelling.class));
    }

    @Test
    void tellsWhenNobodyKnowsTheBase() {
        declare();

        request("delivery-1", "opened", FIRST, Optional.empty());

        assertEquals(
                "commit-unknown",
                orchestrator.only(Topic.RUNS, RunRefused.class).reason());
    }

    @Test
    void tellsOfTheForksCommitWhenTheBaseCouldNotBeRead() {
        declare();
        request("delivery-1", "opened", FIRST, Optional.of(BASE));
        Attempt attempt =
                orchestrator.only(Topic.ASSIGNMENTS, WorkAssigned.class).attempt();

        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.ERRORED));

        assertEquals(
                Optional.of(FIRST),
                orchestrator
                        .only(Topic.RUNS, DefinitionRefused.class)
                        .revision()
                        .commit());
    }

    private void declare() {
        orchestrator.send(
                Topic.PIPELINES, new SourceDeclared("shop", Optional.of("https://x/y"), "main", "ana", START));
    }

    private void read(String source) {
        Attempt attempt =
                orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).get(0).attempt();
        orchestrator.send(Topic.BUILDS, new JobStarted("shop", attempt, "r1", START));
        orchestrator.send(
                Topic.BUILDS,
                new DefinitionsRead("shop", attempt, List.of(new SourceFile(".flujo.yml", source)), List.of()));
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));
    }

    private void request(String delivery, String action, String commit, Optional<String> base) {
        orchestrator.send(
                Topic.COMMITS,
                delivery,
                new PullRequestChanged(
                        "shop",
                        7,
                        action,
                        "Help",
                        "help",
                        "main",
                        commit,
                        true,
                        false,
                        List.of(),
                        "eve",
                        "eve",
                        START,
                        Optional.empty(),
                        base));
    }
}

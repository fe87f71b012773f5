package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that analyses of deployments ask. */
class AnalysesTopologyTest {

    private static final UUID DEPLOYMENT = new UUID(1, 1);
    private static final UUID ANSWER = new UUID(2, 2);
    private static final String DEPLOYS =
            """
            name: main
            on: {push: {branches: [main]}, manual: {}}
            jobs:
              build: {steps: [make], artifacts: {paths: [shop]}}
              smoke:
                needs: build
                env: {ADDRESS: "${{ event.address }}"}
                continue-on-error: true
                steps: [test]
              deploy:
                needs: build
                deploy: {environment: production, from: build, start: ./shop, analysis: [{name: smoke, job: smoke}]}
              after: {needs: deploy, steps: [make]}
            """;

    private DrivenOrchestrator orchestrator;
    private UUID run;
    private Attempt deploying;

    @TempDir
    Path state;

    @BeforeEach
    void deploy() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.define("main", DEPLOYS);
        orchestrator.alive("r1", 4);
        orchestrator.send(Topic.RUNNERS, new RunnerAlive("deploy", "deployer-1", 4, List.of(), List.of(), false));
        run = orchestrator.start("main");
        succeed(orchestrator.started(run, "build"));
        deploying = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .filter(assigned -> assigned.runner().equals("deployer-1"))
                .map(WorkAssigned::attempt)
                .findFirst()
                .orElseThrow();
        orchestrator.send(Topic.DEPLOYS, new JobStarted("shop", deploying, "deployer-1", START));
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void aJobThatAnAnalysisAsksIsNotOfTheRunItself() {
        JobSkipped skipped = orchestrator.of(run, JobSkipped.class).get(0);

        assertEquals("smoke", skipped.attempt().job());
        assertEquals("it runs when the analysis of a deployment asks it", skipped.reason());
        orchestrator.send(Topic.DEPLOYS, DrivenOrchestrator.finished(deploying, Outcome.SUCCEEDED));
        succeed(orchestrator.started(run, "after"));
        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.of(run, RunFinished.class).get(0).outcome());
    }

    @Test
    void aQuestionBeginsOneRunOfTheJobAndItsEndIsTheAnswer() {
        ask();
        ask();

        RunQueued queued = orchestrator.of(ANSWER, RunQueued.class).get(0);
        assertEquals(".analysis", queued.pipeline());
        assertEquals(Cause.Kind.DEPLOYMENT, queued.cause().kind());
        assertEquals(DEPLOYMENT.toString(), queued.cause().id());
        assertEquals(
                new Attempt(run, "build", 1),
                orchestrator.of(ANSWER, JobKept.class).get(0).from());
        WorkAssigned assigned = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .filter(work -> work.attempt().run().equals(ANSWER))
                .reduce((one, other) -> {
                    throw new AssertionError("asked twice: " + one + other);
                })
                .orElseThrow();
        assertEquals("http://127.0.0.1:41234", assigned.work().job().env().get("ADDRESS"));
        assertEquals(List.of(), answers());

        succeed(orchestrator.started(ANSWER, "smoke"));

        assertEquals(List.of(answered(Outcome.SUCCEEDED, Optional.empty())), answers());
    }

    @Test
    void aFailureIsOneWhateverToleratesItInTheRun() {
        ask();

        orchestrator.send(
                Topic.BUILDS, DrivenOrchestrator.finished(orchestrator.started(ANSWER, "smoke"), Outcome.FAILED));

        assertEquals(List.of(answered(Outcome.FAILED, Optional.empty())), answers());
    }

    @Test
    void whoDidNotHearTheAnswerIsToldAgain() {
        ask();
        succeed(orchestrator.started(ANSWER, "smoke"));

        ask();

        AnalysisAnswered answer = answered(Outcome.SUCCEEDED, Optional.empty());
        assertEquals(List.of(answer, answer), answers());
        assertEquals(1, orchestrator.of(ANSWER, RunQueued.class).size());
    }

    @Test
    void nothingIsAskedAnyMoreWhenTheDeploymentHasEnded() {
        ask();
        orchestrator.started(ANSWER, "smoke");

        orchestrator.send(Topic.DEPLOYS, DrivenOrchestrator.finished(deploying, Outcome.FAILED));

        assertEquals(1, orchestrator.all(Topic.ASSIGNMENTS, WorkStopped.class).size());
        assertEquals(List.of(), answers());
    }

    @Test
    void aQuestionOfARunThatHasEndedIsNotPut() {
        orchestrator.send(Topic.DEPLOYS, DrivenOrchestrator.finished(deploying, Outcome.FAILED));

        ask();

        assertEquals(List.of(answered(Outcome.ERRORED, Optional.of("the run that deploys has ended"))), answers());
        assertEquals(List.of(), orchestrator.of(ANSWER, RunQueued.class));
    }

    private void ask() {
        orchestrator.send(
                Topic.DEPLOYS,
                new AnalysisRequested(
                        "shop",
                        "production",
                        DEPLOYMENT,
                        deploying,
                        "smoke",
                        "smoke",
                        ANSWER,
                        "http://127.0.0.1:41234",
                        "deployer-1"));
    }

    private List<AnalysisAnswered> answers() {
        return orchestrator.all(Topic.ASSIGNMENTS, AnalysisAnswered.class);
    }

    private AnalysisAnswered answered(Outcome outcome, Optional<String> reason) {
        return new AnalysisAnswered("deployer-1", deploying, ANSWER, outcome, reason);
    }

    private void succeed(Attempt attempt) {
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));
    }
}

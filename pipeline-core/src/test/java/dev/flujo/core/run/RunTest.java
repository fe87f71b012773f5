package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static dev.flujo.core.Plans.deploy;
import static dev.flujo.core.Plans.job;
import static dev.flujo.core.Plans.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.Plans;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000001");

    private Optional<Run> run = Optional.empty();

    @Test
    void queuesTheJobsThatNeedNothing() {
        given(plan(job("build"), job("lint"), job("test", "build")));

        assertEquals(JobState.Phase.QUEUED, run.orElseThrow().job("build").phase());
        assertEquals(JobState.Phase.QUEUED, run.orElseThrow().job("lint").phase());
        assertEquals(JobState.Phase.WAITING, run.orElseThrow().job("test").phase());
    }

    @Test
    void beginsOnce() {
        given(plan(job("build")));

        accepts(new RunCommand.Begin(Plans.queued(ID, plan(job("build")))));
    }

    @Test
    void startsWithItsFirstJob() {
        given(plan(job("build")));
        accepts(new RunCommand.Report(assigned("build")), assigned("build"));

        accepts(new RunCommand.Report(started("build")), new RunStarted("shop", ID, "main"), started("build"));
    }

    @Test
    void takesARunnersWordThatOvertookThePools() {
        given(plan(job("build")));

        accepts(
                new RunCommand.Report(started("build")),
                assigned("build"),
                new RunStarted("shop", ID, "main"),
                started("build"));
        accepts(new RunCommand.Report(assigned("build")));
    }

    @Test
    void knowsFromItsEndToWhomAJobWasGivenThatNeverBegan() {
        given(plan(job("build")));

        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.ERRORED)),
                assigned("build"),
                finished("build", 1, Outcome.ERRORED),
                new RunFinished("shop", ID, "main", Outcome.ERRORED, Optional.empty()));
    }

    @Test
    void queuesADependantWhenWhatItNeedsHasSucceeded() {
        given(plan(job("build"), job("test", "build")));
        reports(started("build"));

        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.SUCCEEDED)),
                finished("build", 1, Outcome.SUCCEEDED),
                new JobQueued("shop", attempt("test", 1), "default"));
    }

    @Test
    void finishesTheRunWithItsLastJob() {
        given(plan(job("build")));
        reports(started("build"));

        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.SUCCEEDED)),
                finished("build", 1, Outcome.SUCCEEDED),
                new RunFinished("shop", ID, "main", Outcome.SUCCEEDED, Optional.empty()));
    }

    @Test
    void skipsWhatNeedsAFailedJobAndFails() {
        given(plan(job("deploy", "test"), job("test", "build"), job("build")));
        reports(started("build"));

        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.FAILED)),
                finished("build", 1, Outcome.FAILED),
                new JobSkipped("shop", attempt("test", 1), "it needs job 'build', which did not succeed"),
                new JobSkipped("shop", attempt("deploy", 1), "it needs job 'test', which did not succeed"),
                new RunFinished("shop", ID, "main", Outcome.FAILED, Optional.empty()));
    }

    @Test
    void countsARepeatedReportOnce() {
        given(plan(job("build"), job("test", "build")));
        reports(started("build"), step("build", 0), stepDone("build", 0), finished("build", 1, Outcome.SUCCEEDED));

        accepts(new RunCommand.Report(started("build")));
        accepts(new RunCommand.Report(stepDone("build", 0)));
        accepts(new RunCommand.Report(finished("build", 1, Outcome.SUCCEEDED)));
    }

    @Test
    void refusesWhatAnOlderAttemptSays() {
        given(plan(job("build")));
        reports(started("build"), new JobLost("shop", attempt("build", 1), "r1", "gone"));

        rejects(new RunCommand.Report(finished("build", 1, Outcome.SUCCEEDED)), Reason.STALE_ATTEMPT);
    }

    @Test
    void triesALostJobAgainAndGivesUpAfterThreeAttempts() {
        given(plan(job("build")));
        reports(started("build"));

        accepts(
                new RunCommand.Report(lost("build", 1)),
                lost("build", 1),
                new JobQueued("shop", attempt("build", 2), "default"));
        reports(lost("build", 2));
        Decision.Accepted last = accepted(new RunCommand.Report(lost("build", 3)));

        assertEquals(
                List.of(JobLost.class, JobFinished.class, RunFinished.class),
                last.events().stream().map(Event::getClass).toList());
        assertEquals(Optional.of(Outcome.ERRORED), run.orElseThrow().outcome());
    }

    @Test
    void neverRepeatsALostDeployment() {
        given(plan(job("build"), deploy("release", "production", "build")));
        reports(started("build"), finished("build", 1, Outcome.SUCCEEDED));
        says(new LockAcquired("shop", "environment:production", Claim.of(attempt("release", 1))));
        reports(started("release"));

        accepted(new RunCommand.Report(lost("release", 1)));

        assertEquals(Optional.of(Outcome.ERRORED), run.orElseThrow().outcome());
    }

    @Test
    void asksForTheLockOfItsEnvironmentBeforeASlot() {
        given(plan(job("build"), deploy("release", "production", "build")));
        reports(started("build"));

        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.SUCCEEDED)),
                finished("build", 1, Outcome.SUCCEEDED),
                new LockRequested("shop", "environment:production", attempt("release", 1), Optional.of(NOW)));
        LockAcquired acquired = new LockAcquired("shop", "environment:production", Claim.of(attempt("release", 1)));
        accepts(new RunCommand.LockSays(acquired), acquired, new JobQueued("shop", attempt("release", 1), "deploy"));
    }

    @Test
    void givesADeploymentTheArtifactsOfItsJob() {
        given(plan(job("build"), deploy("release", "production", "build")));
        reports(
                started("build"),
                new ArtifactPublished("shop", attempt("build", 1), "app.jar", 3, "aa"),
                new ArtifactPublished("shop", attempt("build", 1), "app.jar", 4, "bb"),
                finished("build", 1, Outcome.SUCCEEDED));

        assertEquals(
                List.of("bb"),
                run.orElseThrow().work(run.orElseThrow().plan().job("release").orElseThrow()).artifacts().stream()
                        .map(artifact -> artifact.sha256())
                        .toList());
    }

    @Test
    void cancelEndsWhatWaitsAndStopsWhatRuns() {
        given(plan(job("build"), job("lint"), job("test", "build")));
        reports(started("build"));

        accepts(
                new RunCommand.Cancel("ana", "enough"),
                new RunCancelling("shop", ID, "main", "ana", "enough"),
                new JobStopping("shop", attempt("build", 1), "enough"),
                new JobSkipped("shop", attempt("lint", 1), "the run was cancelled"),
                new JobSkipped("shop", attempt("test", 1), "the run was cancelled"));
        accepts(new RunCommand.Cancel("ana", "enough"));
        accepts(
                new RunCommand.Report(finished("build", 1, Outcome.CANCELLED)),
                finished("build", 1, Outcome.CANCELLED),
                new RunFinished("shop", ID, "main", Outcome.CANCELLED, Optional.empty()));
    }

    @Test
    void rejectsCancelOfAFinishedRun() {
        given(plan(job("build")));
        reports(started("build"), finished("build", 1, Outcome.SUCCEEDED));

        rejects(new RunCommand.Cancel("ana", "late"), Reason.RUN_FINISHED);
    }

    @Test
    void stepsInForARunnerThatDoesNotEndAJobInTime() {
        given(plan(job("build")));
        reports(started("build"));

        accepted(new RunCommand.TimeOut(attempt("build", 1), RunCommand.Limit.EXECUTION));
        assertEquals(JobState.Phase.STOPPING, run.orElseThrow().job("build").phase());
        accepted(new RunCommand.TimeOut(attempt("build", 1), RunCommand.Limit.EXECUTION));

        assertEquals(Optional.of(Outcome.ERRORED), run.orElseThrow().outcome());
    }

    @Test
    void acceptsNothingWhileInQuarantine() {
        given(plan(job("build")));
        accepts(new RunCommand.Quarantine("bad"), new RunQuarantined("shop", ID, "main", "bad"));

        rejects(new RunCommand.Report(started("build")), Reason.QUARANTINED);
    }

    @Test
    void refusesToFoldAnEventThatCannotFollow() {
        given(plan(job("build")));

        assertThrows(
                IllegalStateException.class,
                () -> Run.evolve(run, new JobQueued("shop", attempt("build", 1), "default")));
        assertThrows(
                IllegalStateException.class, () -> Run.evolve(Optional.empty(), new RunStarted("shop", ID, "main")));
    }

    private void given(Plan plan) {
        RunQueued queued = Plans.queued(ID, plan);
        accepted(new RunCommand.Begin(queued));
    }

    private void reports(JobEvent... events) {
        for (JobEvent event : events) {
            accepted(new RunCommand.Report(event));
        }
    }

    private void says(LockAcquired event) {
        accepted(new RunCommand.LockSays(event));
    }

    private void accepts(RunCommand command, Event... expected) {
        assertEquals(List.of(expected), accepted(command).events());
    }

    private Decision.Accepted accepted(RunCommand command) {
        Decision.Accepted accepted = assertInstanceOf(Decision.Accepted.class, Run.decide(run, command, NOW));
        accepted.events().forEach(event -> run = Optional.of(Run.evolve(run, event)));
        return accepted;
    }

    private void rejects(RunCommand command, Reason reason) {
        Decision.Rejected rejected = assertInstanceOf(Decision.Rejected.class, Run.decide(run, command, NOW));
        assertEquals(reason, rejected.reason());
    }

    private static Attempt attempt(String job, int number) {
        return new Attempt(ID, job, number);
    }

    private static JobAssigned assigned(String job) {
        return new JobAssigned("shop", attempt(job, 1), "default", "r1");
    }

    private static JobStarted started(String job) {
        return new JobStarted("shop", attempt(job, 1), "r1", NOW);
    }

    private static StepStarted step(String job, int step) {
        return new StepStarted("shop", attempt(job, 1), step, "work", NOW);
    }

    private static StepFinished stepDone(String job, int step) {
        return new StepFinished("shop", attempt(job, 1), step, "work", Outcome.SUCCEEDED, 0, 1, NOW);
    }

    private static JobFinished finished(String job, int attempt, Outcome outcome) {
        return new JobFinished(
                "shop", attempt(job, attempt), "r1", outcome, Optional.empty(), Optional.empty(), 0, NOW);
    }

    private static JobLost lost(String job, int attempt) {
        return new JobLost("shop", attempt(job, attempt), "r1", "gone");
    }
}

package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRejected;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Jobs that wait for the consent of people. The run was started by ana, of a commit by Ada. */
class ApprovalTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000006");
    private static final UUID NEWER = new UUID(0, 9);
    private static final String ANYBODY = "name: main\njobs: {a: {approval: , steps: [make]}}\n";
    private static final String TWO =
            "name: main\njobs: {a: {approval: {from: [group:sre, user:eve], count: 2}, steps: [make]}}\n";
    private static final String NOT_AUTHOR = "name: main\njobs: {a: {approval: {not-author: true}, steps: [make]}}\n";

    private Optional<Run> run = Optional.empty();

    @Test
    void waitsForPeopleBeforeItAsksForASlot() {
        List<Event> events = given(ANYBODY);

        ApprovalRequested asked = assertInstanceOf(ApprovalRequested.class, events.get(1));
        assertEquals(NOW.plus(Duration.ofDays(7)), asked.until());
        assertEquals(2, events.size());
        assertEquals(Phase.APPROVING, phase("a"));
    }

    @Test
    void waitsForPeopleOnceAllThatItNeedsHasSucceeded() {
        given("name: main\njobs: {a: {steps: [make]}, b: {needs: a, approval: , steps: [make]}}\n");
        assertRefused(Reason.NOT_WAITING, "not all that it needs has ended", approve("b", "bob"));

        tell(new RunCommand.Report(new JobStarted("shop", attempt("a", 1), "r1", NOW)));
        tell(new RunCommand.Report(finished("a", Outcome.SUCCEEDED)));

        assertEquals(Phase.APPROVING, phase("b"));
    }

    @Test
    void asksNobodyWhereItsConditionIsFalse() {
        List<Event> events = given("name: main\njobs: {a: {if: 'false', approval: , steps: [make]}}\n");

        assertInstanceOf(JobSkipped.class, events.get(1));
    }

    @Test
    void goesOnWithTheConsentOfOne() {
        given(ANYBODY);

        List<Event> events = tell(approve("a", "bob"));

        assertEquals(
                List.of(
                        new JobApproved("shop", attempt("a", 1), "bob", Optional.of("fine"), NOW),
                        new JobQueued("shop", attempt("a", 1), "default")),
                events);
    }

    @Test
    void goesOnWithTheConsentOfAsManyAsItWants() {
        given(TWO);

        tell(approve("a", "bob", "dev", "sre"));
        assertEquals(Phase.APPROVING, phase("a"));
        tell(approve("a", "eve"));

        assertEquals(Phase.QUEUED, phase("a"));
    }

    @Test
    void countsTheSamePersonOnce() {
        given(TWO);
        tell(approve("a", "eve"));

        assertEquals(List.of(), tell(approve("a", "eve", "sre")));
        assertEquals(Phase.APPROVING, phase("a"));
    }

    @Test
    void takesTheWordOfNobodyElse() {
        given(TWO);

        assertRefused(
                Reason.NOT_ALLOWED,
                "Expected somebody whose consent job 'a' waits for, but 'bob' is none of group:sre, user:eve",
                approve("a", "bob", "dev"));
        assertRefused(Reason.NOT_ALLOWED, "'bob' is none of group:sre", reject("a", "bob"));
    }

    @Test
    void takesNotTheWordOfWhoStandsBehindTheRunOrTheCommit() {
        given(NOT_AUTHOR);

        assertRefused(Reason.NOT_ALLOWED, "'ana' stands behind the start of the run", approve("a", "ana"));
        assertRefused(Reason.NOT_ALLOWED, "'ada' is the author of the commit", approve("a", "ada"));
        tell(approve("a", "bob"));
        assertEquals(Phase.QUEUED, phase("a"));
    }

    @Test
    void failsWhenSomebodyRejects() {
        given("name: main\njobs: {a: {approval: , retry: {max: 2, on: [failure, platform, timeout]}, steps: [make]},"
                + " b: {needs: a, steps: [make]}}\n");

        List<Event> events = tell(reject("a", "bob"));

        assertEquals(new JobRejected("shop", attempt("a", 1), "bob", Optional.of("no"), NOW), events.get(0));
        JobFinished finished = assertInstanceOf(JobFinished.class, events.get(1));
        assertEquals(Outcome.FAILED, finished.outcome());
        assertEquals(Optional.of("rejected by bob: no"), finished.reason());
        assertEquals(Optional.of("rejected"), finished.failure());
        assertInstanceOf(JobSkipped.class, events.get(2));
        assertEquals(
                Outcome.FAILED,
                assertInstanceOf(RunFinished.class, events.get(3)).outcome());
    }

    @Test
    void failsWhenTooFewConsentInTime() {
        given(TWO);
        tell(approve("a", "eve"));

        List<Event> events = tell(new RunCommand.TimeOut(attempt("a", 1), RunCommand.Limit.APPROVAL));

        JobFinished finished = assertInstanceOf(JobFinished.class, events.get(0));
        assertEquals(Outcome.FAILED, finished.outcome());
        assertEquals(Optional.of("it got 1 of 2 approvals within 604800 s"), finished.reason());
        assertEquals(Optional.of("expired"), finished.failure());
    }

    @Test
    void doesNotExpireOnceItGoesOn() {
        given(ANYBODY);
        tell(approve("a", "bob"));

        assertEquals(List.of(), tell(new RunCommand.TimeOut(attempt("a", 1), RunCommand.Limit.APPROVAL)));
    }

    @Test
    void hearsNothingMoreOnceItGoesOn() {
        given(ANYBODY);
        tell(approve("a", "bob"));

        assertEquals(List.of(), tell(approve("a", "bob")));
        assertRefused(Reason.NOT_WAITING, "it goes on already", approve("a", "eve"));
        assertRefused(Reason.NOT_WAITING, "it goes on already", reject("a", "bob"));
    }

    @Test
    void waitsForNobodyWhereNothingAsksForIt() {
        given("name: main\njobs: {a: {steps: [make]}}\n");

        assertRefused(Reason.NOT_WAITING, "its definition asks for none", approve("a", "bob"));
        assertRefused(Reason.JOB_UNKNOWN, "it has no 'x'", approve("x", "bob"));
    }

    @Test
    void needsNoSecondConsentWhenItsRunnerIsLost() {
        given(ANYBODY);
        tell(approve("a", "bob"));
        tell(new RunCommand.Report(new JobStarted("shop", attempt("a", 1), "r1", NOW)));

        tell(new RunCommand.Report(new JobLost("shop", attempt("a", 1), "r1", "gone")));

        assertEquals(Phase.QUEUED, phase("a"));
        assertEquals(2, run.orElseThrow().job("a").attempt());
    }

    @Test
    void isSkippedWhenItsRunIsCancelled() {
        given(ANYBODY);

        List<Event> events = tell(new RunCommand.Cancel("ana", "enough"));

        assertInstanceOf(JobSkipped.class, events.get(1));
        assertEquals(Optional.of(Outcome.CANCELLED), run.orElseThrow().outcome());
        assertRefused(Reason.RUN_FINISHED, "has CANCELLED", approve("a", "bob"));
    }

    @Test
    void asksForEachCellOfAMatrix() {
        given("name: main\njobs: {a: {approval: , matrix: {x: [p, q]}, steps: [make]}}\n");

        tell(approve("a.p", "bob"));

        assertEquals(Phase.QUEUED, phase("a.p"));
        assertEquals(Phase.APPROVING, phase("a.q"));
    }

    @Test
    void takesNoConsentToWhatIsOlderThanWhatIsThere() {
        given("name: main\njobs: {a: {environment: staging, approval: , steps: [make]}}\n");
        tell(new RunCommand.Outdate(attempt("a", 1), "staging", NEWER));

        assertRefused(Reason.OUTDATED, "run " + NEWER + " has left something newer", approve("a", "bob"));
        assertEquals(List.of(), tell(new RunCommand.Outdate(attempt("a", 1), "staging", NEWER)));
        assertEquals(Phase.APPROVING, phase("a"));
    }

    @Test
    void takesConsentToWhatIsOlderWhereSomebodySaysSo() {
        given("name: main\njobs: {a: {environment: staging, approval: , steps: [make]}}\n");
        tell(new RunCommand.Outdate(attempt("a", 1), "staging", NEWER));

        List<Event> events = tell(new RunCommand.Answer("a", true, "bob", List.of(), Optional.of("roll back"), true));

        LockRequested asked = assertInstanceOf(LockRequested.class, events.get(1));
        assertEquals(Optional.empty(), asked.age());
    }

    @Test
    void takesARejectionOfWhatIsOlder() {
        given("name: main\njobs: {a: {environment: staging, approval: , steps: [make]}}\n");
        tell(new RunCommand.Outdate(attempt("a", 1), "staging", NEWER));

        tell(reject("a", "bob"));

        assertEquals(Optional.of(Outcome.FAILED), run.orElseThrow().outcome());
    }

    private List<Event> given(String source) {
        PlanReading.Readable reading = assertInstanceOf(PlanReading.Readable.class, PlanReader.read(source));
        return tell(new RunCommand.Begin(new RunQueued(
                "shop",
                ID,
                "main",
                "0123456789ab",
                new Cause(Cause.Kind.MANUAL, "ana", "request", NOW),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("Ada"),
                        Optional.empty()),
                reading.plan(),
                Map.of(),
                Map.of())));
    }

    private List<Event> tell(RunCommand command) {
        Decision.Accepted accepted =
                assertInstanceOf(Decision.Accepted.class, Run.decide(run, command, NOW), command::toString);
        for (Event event : accepted.events()) {
            run = Optional.of(Run.evolve(run, event));
        }
        return accepted.events();
    }

    private void assertRefused(Reason reason, String detail, RunCommand command) {
        Decision.Rejected rejected =
                assertInstanceOf(Decision.Rejected.class, Run.decide(run, command, NOW), command::toString);
        assertEquals(reason, rejected.reason());
        assertEquals(true, rejected.detail().contains(detail), rejected::detail);
    }

    private Phase phase(String job) {
        return run.orElseThrow().job(job).phase();
    }

    private static RunCommand approve(String job, String by, String... groups) {
        return new RunCommand.Answer(job, true, by, List.of(groups), Optional.of("fine"));
    }

    private static RunCommand reject(String job, String by) {
        return new RunCommand.Answer(job, false, by, List.of(), Optional.of("no"));
    }

    private static JobFinished finished(String job, Outcome outcome) {
        return new JobFinished("shop", attempt(job, 1), "r1", outcome, Optional.empty(), Optional.empty(), 0, NOW);
    }

    private static Attempt attempt(String job, int number) {
        return new Attempt(ID, job, number);
    }
}

package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static dev.flujo.core.Plans.job;
import static dev.flujo.core.Plans.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.RunCommand.Approve;
import dev.flujo.core.run.RunCommand.Hold;
import dev.flujo.core.run.RunCommand.Reject;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HoldTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000001");
    private static final String COMMIT = "a".repeat(40);
    private static final Hold HOLD = new Hold(7, COMMIT, "it comes from elsewhere");

    private Optional<Run> run = Optional.empty();

    @Test
    void queuesNothingBeforeItIsApproved() {
        List<Event> events = accepted(begin(plan(job("a")), Optional.of(HOLD)));

        assertEquals(new RunHeld("shop", ID, "main", 7, COMMIT, "it comes from elsewhere"), events.get(1));
        assertEquals(2, events.size());
    }

    @Test
    void goesOnOnceItIsApprovedAndOnlyOnce() {
        held();

        assertEquals(
                List.of(
                        new RunApproved("shop", ID, "main", COMMIT, "ada"),
                        new JobQueued("shop", new Attempt(ID, "a", 1), "default")),
                accepted(new Approve(COMMIT, "ada")));
        assertEquals(List.of(), accepted(new Approve(COMMIT, "bob")));
    }

    @Test
    void takesNoApprovalOfAnotherCommit() {
        held();

        assertEquals(Reason.OTHER_COMMIT, rejected(new Approve("b".repeat(40), "ada")));
        assertEquals(Reason.OTHER_COMMIT, rejected(new Reject("b".repeat(40), "ada", Optional.empty())));
        assertTrue(run.orElseThrow().held());
    }

    @Test
    void endsAsCancelledWhenItIsRejected() {
        held();

        List<Event> events = accepted(new Reject(COMMIT, "ada", Optional.of("it mines coins")));

        assertEquals("rejected by ada: it mines coins", ((RunCancelling) events.get(0)).reason());
        assertEquals(Outcome.CANCELLED, ((RunFinished) events.get(events.size() - 1)).outcome());
        assertEquals(Reason.RUN_FINISHED, rejected(new Approve(COMMIT, "ada")));
    }

    @Test
    void isNotRejectedAnyMoreOnceItIsApproved() {
        held();
        accepted(new Approve(COMMIT, "ada"));

        assertEquals(Reason.NOT_HELD, rejected(new Reject(COMMIT, "bob", Optional.empty())));
    }

    @Test
    void takesNoApprovalWhereNoneIsNeeded() {
        accepted(begin(plan(job("a")), Optional.empty()));

        assertEquals(Reason.NOT_HELD, rejected(new Approve(COMMIT, "ada")));
    }

    @Test
    void canBeCancelledWhileItIsHeld() {
        held();

        List<Event> events = accepted(new RunCommand.Cancel("ada", "not needed"));

        assertEquals(Outcome.CANCELLED, ((RunFinished) events.get(events.size() - 1)).outcome());
    }

    @Test
    void endsWhenNobodyApprovesItInTime() {
        held();
        List<Event> events = accepted(new RunCommand.HoldTimeOut());
        assertEquals("nobody approved it in time", ((RunCancelling) events.get(0)).reason());

        run = Optional.empty();
        held();
        accepted(new Approve(COMMIT, "ada"));
        assertEquals(List.of(), accepted(new RunCommand.HoldTimeOut()));
    }

    @Test
    void givesNoSecretsAlsoWhenItIsApproved() {
        String file = "name: m\njobs: {a: {secrets: [NPM], steps: [{run: make, secrets: [KEY]}]}}\n";
        Plan plan = ((PlanReading.Readable) PlanReader.read(file)).plan();
        accepted(begin(plan, Optional.of(HOLD)));
        accepted(new Approve(COMMIT, "ada"));
        assertEquals(List.of(), secrets());

        run = Optional.empty();
        accepted(begin(plan, Optional.empty()));
        assertEquals(List.of("NPM", "KEY"), secrets());
    }

    @Test
    void saysWhoseCachesItsJobsMayWriteWhateverThePipelineSays() {
        String file = "name: m\njobs: {a: {cache: {paths: [deps]}, steps: [make]}}\n";
        Plan plan = ((PlanReading.Readable) PlanReader.read(file)).plan();

        assertEquals("fork", caches(plan, Cause.Kind.PULL_REQUEST, Optional.of(HOLD)));
        assertEquals("fork", caches(plan, Cause.Kind.RERUN, Optional.of(HOLD)));
        assertEquals("request", caches(plan, Cause.Kind.PULL_REQUEST, Optional.empty()));
        assertEquals("none", caches(plan, Cause.Kind.RERUN, Optional.empty()));
        assertEquals("shared", caches(plan, Cause.Kind.PUSH, Optional.empty()));
        assertEquals("shared", caches(plan, Cause.Kind.MANUAL, Optional.empty()));
        assertTrue(
                PlanReader.read(file.replace("cache:", "env: {FLUJO_CACHES: shared}, cache:"))
                        instanceof PlanReading.Refused);
    }

    @Test
    void tellsRunnersWhoseJobsAreAStrangersAlsoWhenTheyAreApproved() {
        String file = "name: m\njobs: {a: {steps: [make]}}\n";
        Plan plan = ((PlanReading.Readable) PlanReader.read(file)).plan();

        accepted(begin(plan, Optional.of(HOLD)));
        accepted(new Approve(COMMIT, "ada"));
        assertTrue(work().untrusted());

        run = Optional.empty();
        accepted(begin(plan, Optional.empty()));
        assertFalse(work().untrusted());
        assertFalse(work().env().containsKey(Work.TRUST));
        assertTrue(
                PlanReader.read(file.replace("steps:", "env: {FLUJO_TRUST: trusted}, steps:"))
                        instanceof PlanReading.Refused);
    }

    private Work work() {
        Run current = run.orElseThrow();
        return current.work(current.plan().jobs().get(0));
    }

    private String caches(Plan plan, Cause.Kind kind, Optional<Hold> hold) {
        run = Optional.empty();
        accepted(begin(plan, kind, hold));
        return work().env().get(Work.CACHES);
    }

    private List<String> secrets() {
        Work work = work();
        List<String> names = new java.util.ArrayList<>(work.job().supplies().secrets());
        work.job().steps().forEach(step -> names.addAll(step.settings().secrets()));
        return names;
    }

    private void held() {
        accepted(begin(plan(job("a")), Optional.of(HOLD)));
    }

    private static RunCommand begin(Plan plan, Optional<Hold> hold) {
        return begin(plan, Cause.Kind.PULL_REQUEST, hold);
    }

    private static RunCommand begin(Plan plan, Cause.Kind kind, Optional<Hold> hold) {
        Revision revision = new Revision(
                Optional.empty(), "help", Optional.of(COMMIT), Optional.empty(), Optional.empty(), Optional.empty());
        Cause cause = new Cause(kind, "eve", "delivery-1", NOW);
        return new RunCommand.Begin(new RunQueued("shop", ID, "main", "0123456789ab", cause, revision, plan), hold);
    }

    private List<Event> accepted(RunCommand command) {
        Decision.Accepted accepted = assertInstanceOf(Decision.Accepted.class, Run.decide(run, command, NOW));
        accepted.events().forEach(event -> run = Optional.of(Run.evolve(run, event)));
        return accepted.events();
    }

    private Reason rejected(RunCommand command) {
        return assertInstanceOf(Decision.Rejected.class, Run.decide(run, command, NOW))
                .reason();
    }
}

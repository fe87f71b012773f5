package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Decision;
import dev.flujo.core.Plans;
import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runs that are done again: what of them is kept. */
class RerunTest {

    private static final UUID OLD = UUID.fromString("00000000-0000-5000-8000-000000000007");
    private static final UUID NEW = UUID.fromString("00000000-0000-5000-8000-000000000008");
    private static final String DIAMOND =
            """
            name: main
            jobs:
              a: {steps: [make]}
              b: {needs: a, steps: [make]}
              c: {needs: a, steps: [make]}
              d: {needs: [b, c], steps: [make]}
              z: {always: true, steps: [make]}
            """;

    private final List<Event> log = new ArrayList<>();
    private Optional<Run> run = Optional.empty();
    private UUID id = OLD;

    @Test
    void keepsNothingWhereAllIsDoneAgain() {
        given(DIAMOND, Set.of());

        assertEquals(Set.of(), kept(new Rerun.Scope.All()));
    }

    @Test
    void keepsWhatSucceededAndDoesNotComeAfterWhatFailed() {
        given(DIAMOND, Set.of("b"));

        assertEquals(Set.of("a", "c"), kept(new Rerun.Scope.Failed()));
    }

    @Test
    void keepsWhatDoesNotComeAfterTheJobItBeginsWith() {
        given(DIAMOND, Set.of());

        assertEquals(Set.of("a", "b"), kept(new Rerun.Scope.From("c")));
        assertEquals(Set.of("a", "b", "c"), kept(new Rerun.Scope.From("d")));
    }

    @Test
    void doesAgainWhatFailedBesidesTheJobItBeginsWith() {
        given(DIAMOND, Set.of("b"));

        assertEquals(Set.of("a"), kept(new Rerun.Scope.From("c")));
    }

    @Test
    void refusesWhereNothingFailedOrThereIsNoSuchJob() {
        given(DIAMOND, Set.of());

        assertRefused("all of run", new Rerun.Scope.Failed());
        assertRefused("it has no 'x'", new Rerun.Scope.From("x"));
    }

    @Test
    void beginsWithTheJobsThatAreLeftAndTheOutputsAndArtifactsOfTheOthers() {
        given(
                "name: main\njobs: {a: {outputs: [v], artifacts: {paths: [file]}, steps: [make]}, b: {needs: a, artifacts: {from: a}, env: {V: \"${{ needs.a.outputs.v }}\"},"
                        + " steps: [make]}}\n",
                Set.of("b"));

        RunCommand.Kept kept = begins(new Rerun.Scope.Failed());
        begin(((RunQueued) log.get(0)).plan(), kept);

        JobKept a = assertInstanceOf(JobKept.class, log.get(1));
        assertEquals(new Attempt(OLD, "a", 1), a.from());
        assertEquals(new JobQueued("shop", new Attempt(NEW, "b", 1), "default"), log.get(2));
        Work work = run.orElseThrow().work(run.orElseThrow().plan().job("b").orElseThrow());
        assertEquals("of a", work.job().env().get("V"));
        assertEquals(
                List.of("file"),
                work.artifacts().stream().map(Work.Artifact::path).toList());
        goOn(Set.of());
        assertEquals(Optional.of(Outcome.SUCCEEDED), run.orElseThrow().outcome());
    }

    @Test
    void doesOnlyTheCellsAgainThatFailed() {
        given(
                "name: main\njobs: {a: {matrix: {x: [p, q], fail-fast: false}, steps: [make]}, b: {needs: a, steps: [make]}}\n",
                Set.of("a.q"));

        assertEquals(Set.of("a.p"), kept(new Rerun.Scope.Failed()));
    }

    @Test
    void keepsTheValuesOfAMatrixOfWhichACellIsKept() {
        given(
                "name: main\njobs: {l: {outputs: [v], steps: [make]}, a: {needs: l, matrix: {x: \"${{ json(needs.l.outputs.v) }}\","
                        + " fail-fast: false}, steps: [make]}}\n",
                Set.of("a.q"));

        RunCommand.Kept kept = begins(new Rerun.Scope.Failed());
        begin(((RunQueued) log.get(0)).plan(), kept);

        assertEquals(Phase.ENDED, run.orElseThrow().job("a.p").phase());
        assertEquals(Phase.QUEUED, run.orElseThrow().job("a.q").phase());
        goOn(Set.of());
        assertEquals(Set.of("l"), kept(new Rerun.Scope.From("a")), "a matrix as a whole takes its values again");
        assertEquals(List.of(), begins(new Rerun.Scope.From("a")).extended());
    }

    private void given(String pipeline, Set<String> failing) {
        PlanReading reading = PlanReader.read(pipeline);
        if (reading instanceof PlanReading.Refused refused) {
            throw new AssertionError(refused.problems());
        }
        begin(((PlanReading.Readable) reading).plan(), RunCommand.Kept.NOTHING);
        goOn(failing);
        assertTrue(run.orElseThrow().ended());
    }

    private void begin(Plan plan, RunCommand.Kept kept) {
        id = log.isEmpty() ? OLD : NEW;
        run = Optional.empty();
        log.clear();
        tell(new RunCommand.Begin(Plans.queued(id, plan), Optional.empty(), kept));
    }

    private void goOn(Set<String> failing) {
        boolean more = true;
        while (more) {
            more = false;
            for (String job :
                    Set.copyOf(new LinkedHashSet<>(run.orElseThrow().jobs().keySet()))) {
                JobState state = run.orElseThrow().job(job);
                if (state != null && state.phase() == Phase.QUEUED) {
                    more = true;
                    work(run.orElseThrow().attempt(job), failing.contains(job));
                }
            }
        }
    }

    private void work(Attempt attempt, boolean fails) {
        tell(new RunCommand.Report(new JobStarted("shop", attempt, "r1", NOW)));
        tell(new RunCommand.Report(new ArtifactPublished("shop", attempt, "file", 1, "aa")));
        String text = attempt.job().equals("l") ? "[\"p\",\"q\"]" : "of " + attempt.job();
        JobEvent.Leaves leaves = new JobEvent.Leaves(
                List.of(new JobEvent.Output("v", text.length(), "0".repeat(64), Optional.of(text))), Optional.empty());
        tell(new RunCommand.Report(new JobFinished(
                "shop",
                attempt,
                "r1",
                fails ? Outcome.FAILED : Outcome.SUCCEEDED,
                Optional.empty(),
                Optional.empty(),
                0,
                NOW,
                Optional.empty(),
                Optional.of(leaves))));
    }

    private void tell(RunCommand command) {
        Decision decision = Run.decide(run, command, NOW);
        for (Event event : assertInstanceOf(Decision.Accepted.class, decision).events()) {
            run = Optional.of(Run.evolve(run, event));
            log.add(event);
        }
    }

    private RunCommand.Kept begins(Rerun.Scope scope) {
        Rerun.Verdict verdict = Rerun.of(run.orElseThrow(), List.copyOf(log), NEW, scope);
        return assertInstanceOf(Rerun.Verdict.Begins.class, verdict).kept();
    }

    private Set<String> kept(Rerun.Scope scope) {
        Set<String> kept = new LinkedHashSet<>();
        begins(scope).jobs().forEach(job -> kept.add(job.attempt().job()));
        return kept;
    }

    private void assertRefused(String reason, Rerun.Scope scope) {
        Rerun.Verdict verdict = Rerun.of(run.orElseThrow(), List.copyOf(log), NEW, scope);
        String said = assertInstanceOf(Rerun.Verdict.Refused.class, verdict).reason();
        assertTrue(said.contains(reason), said);
    }
}

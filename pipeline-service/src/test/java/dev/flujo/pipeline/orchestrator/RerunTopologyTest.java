package dev.flujo.pipeline.orchestrator;

import static dev.flujo.pipeline.orchestrator.DrivenOrchestrator.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.flujo.core.run.Rerun;
import dev.flujo.core.run.Run;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
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

/** Runs that are done again, in the orchestrator, which has forgotten the old ones. */
class RerunTopologyTest {

    private static final UUID OLD = DerivedId.run("shop", "main", "delivery-1");
    private static final UUID NEW = new UUID(0, 7);

    private DrivenOrchestrator orchestrator;

    @TempDir
    Path state;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.alive("r1", 10);
        orchestrator.define("main", "name: main\non: push\njobs: {a: {steps: [make]}, b: {needs: a, steps: [make]}}\n");
        orchestrator.push("delivery-1", "main");
        end(OLD, "a", Outcome.SUCCEEDED);
        end(OLD, "b", Outcome.FAILED);
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @Test
    void doesAgainWhatFailedWithThePlanOfTheOldRun() {
        orchestrator.define("main", "name: main\non: push\njobs: {other: {steps: [make]}}\n");

        orchestrator.send(Topic.COMMANDS, rerun(new Rerun.Scope.Failed(), Optional.empty()));

        JobKept kept = orchestrator.of(NEW, JobKept.class).get(0);
        assertEquals("a", kept.attempt().job());
        assertEquals(OLD, kept.from().run());
        end(NEW, "b", Outcome.SUCCEEDED);
        assertEquals(
                Outcome.SUCCEEDED,
                orchestrator.of(NEW, RunFinished.class).get(0).outcome());
    }

    @Test
    void beginsOneRunForTheSameWishTwice() {
        RerunRun wish = rerun(new Rerun.Scope.All(), Optional.empty());
        orchestrator.send(Topic.COMMANDS, wish);
        orchestrator.send(Topic.COMMANDS, wish);
        end(NEW, "a", Outcome.FAILED);
        orchestrator.send(Topic.COMMANDS, wish);

        assertEquals(1, orchestrator.of(NEW, RunQueued.class).size());
        assertEquals(1, orchestrator.of(NEW, RunFinished.class).size());
    }

    @Test
    void holdsARunAgainThatHadToBeApproved() {
        RunHeld held = new RunHeld("shop", OLD, "main", 7, "abc", "it comes from elsewhere");

        orchestrator.send(Topic.COMMANDS, rerun(new Rerun.Scope.Failed(), Optional.of(held)));

        assertEquals(1, orchestrator.of(NEW, RunHeld.class).size());
        assertEquals(0, orchestrator.of(NEW, JobQueued.class).size());
    }

    private RerunRun rerun(Rerun.Scope scope, Optional<RunHeld> held) {
        List<Event> log = orchestrator.read(Topic.RUNS).stream()
                .map(Envelope::event)
                .filter(event -> orchestrator.of(OLD, Event.class).contains(event))
                .toList();
        Optional<Run> old = Optional.empty();
        for (Event event : log) {
            old = Optional.of(Run.evolve(old, event));
        }
        RunQueued first = (RunQueued) log.get(0);
        RunQueued queued = new RunQueued(
                "shop",
                NEW,
                "main",
                first.version(),
                new Cause(Cause.Kind.RERUN, "bob", OLD.toString(), START),
                first.revision(),
                first.plan());
        Rerun.Verdict verdict = Rerun.of(old.orElseThrow(), log, NEW, scope);
        var kept = assertInstanceOf(Rerun.Verdict.Begins.class, verdict).kept();
        return new RerunRun("shop", NEW, OLD, queued, held, kept.extended(), kept.jobs());
    }

    private void end(UUID run, String job, Outcome outcome) {
        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(orchestrator.started(run, job), outcome));
    }
}

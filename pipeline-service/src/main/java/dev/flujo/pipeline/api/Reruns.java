package dev.flujo.pipeline.api;

import dev.flujo.core.run.Rerun;
import dev.flujo.core.run.Run;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.AnalysisEvent;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.Definitions;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.AcceptedRuns;
import dev.flujo.pipeline.messaging.RunFold;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Takes requests to do a run again in. The new run's id follows from the old one and the key. */
@ApplicationScoped
public class Reruns {

    private final Commands commands;
    private final AcceptedRuns accepted;
    private final Runs runs;
    private final RunLog log;

    Reruns(Commands commands, AcceptedRuns accepted, Runs runs, RunLog log) {
        this.commands = commands;
        this.accepted = accepted;
        this.runs = runs;
        this.log = log;
    }

    /** Returns the new run once Kafka has the request for it. */
    RunRow again(RunRow old, RerunBody body, Optional<String> key) {
        Rerun.Scope scope = scope(body);
        String requestId = key.orElseGet(() -> UUID.randomUUID().toString());
        UUID run = id(old.run(), requestId);
        UUID chain = chain(run, body);
        Optional<RunRow> earlier = key.isPresent() ? accepted.find(run).or(() -> runs.find(run)) : Optional.empty();
        if (earlier.isPresent()) {
            checkSame(earlier.get(), chain);
            return earlier.get();
        }
        RerunRun rerun = rerun(old, run, scope, body);
        Envelope envelope = Envelope.of(chain.toString(), Commands.SOURCE, commands.now(), chain, rerun);
        RunRow asked = RunFold.asked(rerun, envelope);
        accepted.begin(asked);
        try {
            commands.send(new Commands.Command("run.rerun", Topic.COMMANDS, chain.toString(), chain, rerun));
            return asked;
        } catch (Problem e) {
            accepted.forget(run);
            throw e;
        }
    }

    /** The id of the run that does another one again, as this request wants it. */
    static UUID id(UUID old, String requestId) {
        return DerivedId.of("rerun", old.toString(), requestId);
    }

    private static Rerun.Scope scope(RerunBody body) {
        boolean failed = body.failed().orElse(false);
        if (failed && body.from().isPresent()) {
            throw Inputs.invalid("Expected 'failed' or 'from', but there are both; leave one out");
        }
        if (failed) return new Rerun.Scope.Failed();
        return body.from().<Rerun.Scope>map(Rerun.Scope.From::new).orElseGet(Rerun.Scope.All::new);
    }

    /** It follows from the body, so a run tells whether it was asked for with this body or with another. */
    private static UUID chain(UUID run, RerunBody body) {
        List<String> parts = new ArrayList<>(List.of(
                "rerun",
                run.toString(),
                Boolean.toString(body.failed().orElse(false)),
                body.from().orElse(""),
                Boolean.toString(body.older().orElse(false))));
        new TreeMap<>(body.inputs()).forEach((name, value) -> parts.addAll(List.of(name, value)));
        return DerivedId.of(parts.toArray(String[]::new));
    }

    private static void checkSame(RunRow run, UUID chain) {
        if (!run.chain().equals(chain)) {
            throw new Problem(
                            ApiProblem.KEY_REUSED,
                            "Expected a new Idempotency-Key, or the same body as before, but the key belongs to run "
                                    + run.run() + ", which was asked for with another body")
                    .with("runId", run.run());
        }
    }

    private RerunRun rerun(RunRow row, UUID run, Rerun.Scope scope, RerunBody body) {
        if (!row.state().ended()) {
            throw refused(
                    row,
                    "Expected a run that has ended, but run " + row.run() + " is " + row.state()
                            + "; wait for its end, or cancel it");
        }
        List<Envelope> history = log.of(row.run());
        Run old = RunLog.run(history)
                .filter(Run::ended)
                .orElseThrow(() -> refused(
                        row, "Expected a run of which something began, but run " + row.run() + " is " + row.state()));
        if (old.pipeline().equals(Definitions.PIPELINE)) {
            throw refused(
                    row,
                    "Expected a run of a pipeline, but run " + row.run()
                            + " read what the repository defines; push the commit again, or start a pipeline on it");
        }
        if (old.pipeline().equals(AnalysisEvent.PIPELINE)) {
            throw refused(
                    row,
                    "Expected a run of a pipeline, but run " + row.run()
                            + " answered the analysis of a deployment; rerun the job that deploys");
        }
        List<Event> events = history.stream().map(Envelope::event).toList();
        Rerun.Verdict verdict = Rerun.of(old, events, run, scope);
        if (verdict instanceof Rerun.Verdict.Refused no) {
            throw refused(row, no.reason());
        }
        if (!(verdict instanceof Rerun.Verdict.Begins begins)) {
            throw new AssertionError("unhandled verdict " + verdict);
        }
        RunQueued first = (RunQueued) events.get(0);
        Optional<RunHeld> held = events.stream()
                .filter(RunHeld.class::isInstance)
                .map(RunHeld.class::cast)
                .findFirst();
        return new RerunRun(
                row.project(),
                run,
                row.run(),
                queued(first, run, body),
                held,
                begins.kept().extended(),
                begins.kept().jobs());
    }

    private RunQueued queued(RunQueued old, UUID run, RerunBody body) {
        Instant now = commands.now();
        Cause cause = new Cause(Cause.Kind.RERUN, commands.by(), old.run().toString(), now);
        boolean older = body.older().orElse(false);
        return new RunQueued(
                old.project(),
                run,
                old.pipeline(),
                old.version(),
                older ? cause : cause.since(old.cause().age()),
                old.revision(),
                old.plan(),
                inputs(old.plan(), old.inputs(), body.inputs()),
                old.event());
    }

    private static Map<String, String> inputs(Plan plan, Map<String, String> old, Map<String, String> changed) {
        if (changed.isEmpty()) {
            return old;
        }
        Map<String, String> inputs = new LinkedHashMap<>(old);
        inputs.putAll(changed);
        TriggerMatch match = TriggerRules.inputs(plan, inputs);
        if (match instanceof TriggerMatch.Starts starts) {
            return starts.inputs();
        }
        if (match instanceof TriggerMatch.Refused refused) {
            throw Inputs.invalid(refused.reason());
        }
        throw new AssertionError("unhandled match " + match);
    }

    private static Problem refused(RunRow row, String detail) {
        return new Problem(ApiProblem.RUN_NOT_REPEATABLE, detail).with("runId", row.run());
    }
}

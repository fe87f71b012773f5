package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Decision;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Rerun;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Cause;
import dev.flujo.event.Claim;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Event;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plays a script in a world of the core alone. */
final class Director {

    private final World world = new World();
    private final List<UUID> runs = new ArrayList<>();
    private final Plan plan;

    Director(Plan plan) {
        this.plan = plan;
    }

    /** What came of each run, with as much as is expected of it. */
    List<Map<String, Object>> play(Scenario scenario) {
        for (Act act : scenario.script()) {
            world.pass();
            perform(act);
        }
        do {
            world.passUntil(Optional.empty());
        } while (world.expire());
        List<Map<String, Object>> expected = scenario.expected();
        assertEquals(expected.size(), runs.size(), "as many expectations as runs");
        List<Map<String, Object>> told = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            UUID run = runs.get(i);
            assertTrue(
                    world.story(run).run().ended(),
                    () -> "waits for ever: " + world.story(run).run().jobs());
            told.add(world.story(run).told(expected.get(i), job -> world.printed(run, job)));
        }
        return told;
    }

    private void perform(Act act) {
        switch (act.verb()) {
            case "start" -> start(act);
            case "approve", "reject" -> answer(act);
            case "cancel" -> cancel(act);
            case "rerun" -> rerun(act);
            case "why" -> assertEquals(act.waits(), waits(run(act.run())), () -> "at " + act);
            case "running" ->
                assertEquals(
                        JobState.Phase.RUNNING,
                        state(act.run()).job(act.text("job").orElseThrow()).phase(),
                        () -> "at " + act);
            case "ended" -> act.runs().forEach(this::end);
            default -> throw new IllegalArgumentException("Expected an act that can be played, but it is " + act);
        }
    }

    private UUID run(int number) {
        return runs.get(number - 1);
    }

    private Run state(int number) {
        return world.story(run(number)).run();
    }

    private void start(Act act) {
        Map<String, Object> fields = new LinkedHashMap<>(act.fields());
        Map<String, String> inputs = Scenario.texts(fields.remove("inputs"));
        fields.putIfAbsent("kind", "push");
        if (fields.get("kind").equals("push")) {
            fields.putIfAbsent("branch", "main");
        }
        TriggerEvent trigger = EventWords.event(fields);
        TriggerMatch match = TriggerRules.match(plan, "shop", trigger, inputs);
        if (!(match instanceof TriggerMatch.Starts starts)) {
            throw new AssertionError("Expected a run for " + act + ", but " + match);
        }
        UUID id = new UUID(0, runs.size() + 1);
        runs.add(id);
        world.tell(id, new RunCommand.Begin(ScenariosTest.queued(id, plan, trigger, starts, world.now())));
    }

    private void answer(Act act) {
        Answer answer = act.answer();
        RunCommand command = new RunCommand.Answer(
                answer.job(), answer.approves(), answer.by(), answer.groups(), answer.comment(), answer.older());
        assertEquals(act.status() == Answer.ACCEPTED, taken(world.tell(run(act.run()), command)), () -> "at " + act);
    }

    private void cancel(Act act) {
        Decision decision = world.tell(run(act.run()), new RunCommand.Cancel("ana", "cancelled by ana"));
        assertEquals(act.status() == Answer.ACCEPTED, taken(decision), () -> "at " + act);
    }

    private static boolean taken(Decision decision) {
        return decision instanceof Decision.Accepted;
    }

    private void end(int number) {
        world.passUntil(Optional.of(run(number)));
        assertTrue(
                state(number).ended(),
                () -> "run " + number + " has not ended: " + state(number).jobs());
    }

    private void rerun(Act act) {
        List<Event> log = world.log(run(act.run()));
        Run old = state(act.run());
        UUID id = DerivedId.of(
                "rerun", old.id().toString(), act.text("key").orElseGet(() -> String.valueOf(runs.size())));
        if (runs.contains(id)) {
            return;
        }
        Rerun.Scope scope = act.flag("failed")
                ? new Rerun.Scope.Failed()
                : act.text("from").<Rerun.Scope>map(Rerun.Scope.From::new).orElseGet(Rerun.Scope.All::new);
        boolean possible = old.ended()
                && inputsFit(old, log, act)
                && Rerun.of(old, log, id, scope) instanceof Rerun.Verdict.Begins;
        assertEquals(act.status() == Answer.ACCEPTED, possible, () -> "at " + act);
        if (possible && Rerun.of(old, log, id, scope) instanceof Rerun.Verdict.Begins begins) {
            runs.add(id);
            RunQueued queued = again((RunQueued) log.get(0), id, act);
            world.tell(id, new RunCommand.Begin(queued, Optional.empty(), begins.kept()));
        }
    }

    private static boolean inputsFit(Run old, List<Event> log, Act act) {
        Map<String, String> inputs = new LinkedHashMap<>(((RunQueued) log.get(0)).inputs());
        inputs.putAll(Scenario.texts(act.fields().get("inputs")));
        return TriggerRules.inputs(old.plan(), inputs) instanceof TriggerMatch.Starts;
    }

    private RunQueued again(RunQueued old, UUID id, Act act) {
        Map<String, String> inputs = new LinkedHashMap<>(old.inputs());
        inputs.putAll(Scenario.texts(act.fields().get("inputs")));
        Cause cause = new Cause(Cause.Kind.RERUN, "ana", old.run().toString(), world.now());
        return new RunQueued(
                old.project(),
                id,
                old.pipeline(),
                old.version(),
                act.flag("older") ? cause : cause.since(old.cause().age()),
                old.revision(),
                old.plan(),
                inputs,
                old.event());
    }

    private List<String> waits(UUID id) {
        Run run = world.story(id).run();
        if (run.ended()) {
            return List.of();
        }
        if (run.awaitsTurn() && !run.cancelling()) {
            return List.of("lock" + place(run.turn().orElseThrow().lock(), Claim.of(id)));
        }
        List<String> waits = new ArrayList<>();
        run.jobs().forEach((job, state) -> waits(run, job, state).ifPresent(wait -> waits.add(job + ": " + wait)));
        return waits;
    }

    private Optional<String> waits(Run run, String job, JobState state) {
        return switch (state.phase()) {
            case WAITING -> Optional.of("need");
            case APPROVING -> Optional.of(state.outdatedBy().isPresent() ? "outdated" : "approval");
            case PAUSED -> Optional.of("retry");
            case LOCKING ->
                Optional.of("lock"
                        + run.locks(run.plan().job(job).orElseThrow()).stream()
                                .map(name -> place(name, Claim.of(run.attempt(job))))
                                .filter(place -> !place.isEmpty())
                                .findFirst()
                                .orElse(""));
            case QUEUED -> Optional.of("runner 1");
            case ASSIGNED, RUNNING, STOPPING, ENDED -> Optional.empty();
        };
    }

    private String place(String lock, Claim claim) {
        List<Claim> queue =
                world.lock(lock).queue().stream().map(place -> place.claim()).toList();
        int index = queue.indexOf(claim);
        return index < 0 ? "" : " " + (index + 1);
    }
}

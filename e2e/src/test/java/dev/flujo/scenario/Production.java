package dev.flujo.scenario;

import dev.flujo.event.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Plays a script on a whole Flujo. */
final class Production {

    private final Stage stage;
    private final String project;
    private final List<UUID> runs = new ArrayList<>();

    Production(Stage stage, String project) {
        this.stage = stage;
        this.project = project;
    }

    /** The logs of the runs that it makes, once all have ended. */
    Map<UUID, List<Envelope>> play(Scenario scenario) {
        scenario.script().forEach(this::perform);
        Map<UUID, List<Envelope>> logs = new LinkedHashMap<>();
        runs.forEach(run -> logs.put(run, stage.log(run)));
        return logs;
    }

    private void perform(Act act) {
        switch (act.verb()) {
            case "start" -> begin(stage.happen(project, event(act), true).orElseThrow());
            case "approve", "reject" -> answer(act);
            case "cancel" -> stage.cancel(run(act.run()), act);
            case "rerun" -> stage.rerun(run(act.run()), act).ifPresent(this::begin);
            case "why" -> stage.awaitWaits(run(act.run()), act.waits());
            case "running" -> stage.awaitRunning(run(act.run()), act.text("job").orElseThrow());
            case "ended" -> act.runs().forEach(number -> stage.log(run(number)));
            default -> throw new IllegalArgumentException("Expected an act that can be played, but it is " + act);
        }
    }

    private static Map<String, Object> event(Act act) {
        Map<String, Object> event = new LinkedHashMap<>(act.fields());
        event.putIfAbsent("kind", "push");
        return event;
    }

    private void begin(UUID run) {
        if (!runs.contains(run)) {
            runs.add(run);
            stage.awaitTaken(run);
        }
    }

    private void answer(Act act) {
        int status = stage.answer(run(act.run()), act.answer());
        if (status != act.status()) {
            throw new AssertionError(
                    "Expected " + act + " to be answered with " + act.status() + ", but it is " + status);
        }
    }

    private UUID run(int number) {
        return runs.get(number - 1);
    }
}

package dev.flujo.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A scenario that was played on a stage: what was expected, and what came. */
record Played(Scenario scenario, String project, List<String> expected, List<String> came) {

    private static final String NO_RUN = "starts: false";

    static Played on(Stage stage, Scenario scenario, String project) {
        Played played = new Played(scenario, project, new ArrayList<>(), new ArrayList<>());
        List<String> errors = stage.submit(project, scenario);
        if (!errors.isEmpty() || !scenario.errors().isEmpty()) {
            played.add("errors " + scenario.errors(), "errors " + errors);
        } else if (scenario.script().isEmpty()) {
            played.events(stage);
        } else {
            played.script(stage);
        }
        return played;
    }

    /** How many runs its project should have. */
    int runs() {
        return (int) expected.stream()
                .filter(text -> !text.startsWith(NO_RUN) && !text.startsWith("errors") && !text.startsWith("Answer"))
                .count();
    }

    /** Times go on coming while others are still played. */
    boolean byTheClock() {
        return scenario.kinds().contains("schedule");
    }

    private void add(String wanted, String seen) {
        expected.add(wanted);
        came.add(seen);
    }

    private void script(Stage stage) {
        new Production(stage, project).play(scenario).forEach((run, log) -> {
            Map<String, Object> wanted = scenario.expected().get(expected.size());
            add(Story.written(wanted), told(stage, run, Story.of(log), wanted));
        });
    }

    private void events(Stage stage) {
        List<Optional<UUID>> runs = new ArrayList<>();
        for (int i = 0; i < scenario.events().size(); i++) {
            boolean starts = !scenario.expected().get(i).containsKey("starts");
            runs.add(stage.happen(project, scenario.events().get(i), starts));
        }
        if (!scenario.answers().isEmpty()) {
            UUID first = runs.get(0).orElseThrow();
            scenario.answers()
                    .forEach(answer -> add(answer + " " + answer.status(), answer + " " + stage.answer(first, answer)));
        }
        for (int i = 0; i < runs.size(); i++) {
            Map<String, Object> wanted = scenario.expected().get(i);
            if (wanted.containsKey("starts")) {
                // That nothing began shows in the number of runs; why not is for the core's test to say.
                add(NO_RUN, NO_RUN);
                continue;
            }
            add(
                    Story.written(wanted),
                    runs.get(i)
                            .map(run -> told(stage, run, Story.of(stage.log(run)), wanted))
                            .orElse("no run"));
        }
    }

    private static String told(Stage stage, UUID run, Story story, Map<String, Object> wanted) {
        return Story.written(story.told(wanted, job -> stage.printed(run, job, story.lines(job))));
    }
}

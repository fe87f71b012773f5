package dev.flujo.scenario;

import dev.flujo.e2e.Workplace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What executes commands for real, and the scenarios that each plays: of every file the first ones that a shell can play. */
enum Executor {
    PROCESS,
    DOCKER,
    KUBERNETES;

    private static final int OF_EACH_FILE = 3;

    /** As many as an executor has to play at least. */
    static final int LEAST = 40;

    /** What starts a run of one pipeline alone, at once. */
    private static final Set<String> KINDS = Set.of("manual", "push", "tag", "pull_request", "api");

    /** What asks for an image, a runner or a checkout; nobody asks the dummy executor for it. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\b(image|services|labels|deploy|working-directory):");

    /** The pool of its runner. */
    String pool() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For the runner with this directory. */
    Workplace open(Path runnerDirectory) {
        return switch (this) {
            case PROCESS -> Workplace.processes();
            case DOCKER -> Workplace.containers();
            case KUBERNETES -> Workplace.pods(runnerDirectory);
        };
    }

    /** What it plays, as a shell understands it. */
    List<Scenario> scenarios() {
        Map<String, Integer> chosen = new HashMap<>();
        ShellWords words = new ShellWords(pool());
        return Scenario.all().stream()
                .filter(Executor::playable)
                .filter(scenario -> chosen.merge(scenario.file(), 1, Integer::sum) <= OF_EACH_FILE)
                .map(words::of)
                .toList();
    }

    private static boolean playable(Scenario scenario) {
        return scenario.errors().isEmpty()
                && KINDS.containsAll(scenario.kinds())
                && Stream.concat(Stream.of(scenario.pipeline()), scenario.templates().values().stream())
                        .noneMatch(text -> ELSEWHERE.matcher(text).find());
    }
}

package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The cases of e2e/scenarios on the whole stack, with the dummy executor in the place of real commands; many at once. */
@Execution(ExecutionMode.CONCURRENT)
class ScenariosIT {

    private static final int AT_ONCE = 12;
    private static final Map<String, Map<String, String>> EXTRA = Map.of(
            "build-runner",
            Map.of("FLUJO_RUNNER_EXECUTOR", "dummy", "FLUJO_RUNNER_SLOTS", "64", "FLUJO_RUNNER_STOP_PATIENCE", "1s"));

    @TempDir
    static Path directory;

    /** A scenario with what came of it, or why it could not be played. */
    private record Played(Scenario scenario, String project, List<String> expected, List<String> came) {}

    @TestFactory
    Stream<DynamicTest> goAsExpected() throws InterruptedException {
        LocalStack stack = new LocalStack(Checkout.find(), directory.resolve("stack"), Ports.free(), EXTRA);
        stack.start(LocalStack.Progress.silent());
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try (Stage stage =
                new Stage(stack.url(), stack.adminToken(), stack.ports().of(Ports.KAFKA))) {
            List<Future<Played>> playing = new ArrayList<>();
            for (Scenario scenario : Scenario.all()) {
                String project = "s" + playing.size();
                putSecrets(stack.home().resolve("job-secrets").resolve(project));
                playing.add(threads.submit(() -> play(stage, scenario, project)));
            }
            List<DynamicTest> tests = new ArrayList<>();
            for (Future<Played> future : playing) {
                tests.add(test(stage, future));
            }
            return tests.stream();
        } finally {
            threads.shutdownNow();
            stack.stop(LocalStack.Progress.silent());
        }
    }

    /** Those that scenarios name. */
    private static void putSecrets(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("TOKEN"), "a-token-of-scenarios");
            Files.writeString(directory.resolve("OTHER"), "another-of-scenarios");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DynamicTest test(Stage stage, Future<Played> future) throws InterruptedException {
        try {
            Played played = future.get();
            int wanted = (int) played.expected().stream()
                    .filter(text -> !text.startsWith("starts: false")
                            && !text.startsWith("errors")
                            && !text.startsWith("Answer"))
                    .count();
            int runs = stage.runs(played.project());
            return DynamicTest.dynamicTest(played.scenario().name(), () -> {
                assertEquals(played.expected(), played.came());
                if (!byTheClock(played.scenario())) {
                    assertEquals(wanted, runs, "runs of the project");
                }
            });
        } catch (ExecutionException e) {
            return DynamicTest.dynamicTest("a scenario that could not be played", () -> {
                throw e.getCause();
            });
        }
    }

    /** Times go on coming while others are still played. */
    private static boolean byTheClock(Scenario scenario) {
        return scenario.events().stream().anyMatch(event -> "schedule".equals(event.get("kind")));
    }

    private static Played play(Stage stage, Scenario scenario, String project) {
        List<String> expected = new ArrayList<>();
        List<String> came = new ArrayList<>();
        List<String> errors = stage.submit(project, scenario);
        if (!errors.isEmpty() || !scenario.errors().isEmpty()) {
            expected.add("errors " + scenario.errors());
            came.add("errors " + errors);
            return new Played(scenario, project, expected, came);
        }
        if (!scenario.script().isEmpty()) {
            new Production(stage, project).play(scenario).forEach((run, log) -> {
                Map<String, Object> wanted = scenario.expected().get(expected.size());
                expected.add(Story.written(wanted));
                Story story = Story.of(log);
                came.add(Story.written(story.told(wanted, job -> stage.printed(run, job, story.lines(job)))));
            });
            return new Played(scenario, project, expected, came);
        }
        List<Optional<UUID>> runs = new ArrayList<>();
        for (int i = 0; i < scenario.events().size(); i++) {
            boolean starts = !scenario.expected().get(i).containsKey("starts");
            runs.add(stage.happen(project, scenario.events().get(i), starts));
        }
        if (!scenario.answers().isEmpty()) {
            UUID first = runs.get(0).orElseThrow();
            scenario.answers().forEach(answer -> {
                expected.add(answer + " " + answer.status());
                came.add(answer + " " + stage.answer(first, answer));
            });
        }
        for (int i = 0; i < runs.size(); i++) {
            Map<String, Object> wanted = scenario.expected().get(i);
            if (wanted.containsKey("starts")) {
                // That nothing began shows in the number of runs; why not is for the core's test to say.
                expected.add("starts: false");
                came.add("starts: false");
                continue;
            }
            expected.add(Story.written(wanted));
            came.add(runs.get(i).map(run -> told(stage, run, wanted)).orElse("no run"));
        }
        return new Played(scenario, project, expected, came);
    }

    private static String told(Stage stage, UUID run, Map<String, Object> wanted) {
        Story story = Story.of(stage.log(run));
        return Story.written(story.told(wanted, job -> stage.printed(run, job, story.lines(job))));
    }
}

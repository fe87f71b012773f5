package dev.flujo.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;

/** Play scenarios on a stage, some at once, each in a project of its own. */
final class Players {

    private final Stage stage;
    private final String name;
    private final int atOnce;
    private final Consumer<String> prepare;

    /**
     * @param name what the projects begin with
     * @param prepare what is done for a project before it is used
     */
    Players(Stage stage, String name, int atOnce, Consumer<String> prepare) {
        this.stage = stage;
        this.name = name;
        this.atOnce = atOnce;
        this.prepare = prepare;
    }

    /** Plays them all, and gives what is to be said of each. */
    List<DynamicTest> play(List<Scenario> scenarios) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<Played>> playing = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                String project = name + "-" + playing.size();
                prepare.accept(project);
                playing.add(threads.submit(() -> Played.on(stage, scenario, project)));
            }
            List<DynamicTest> tests = new ArrayList<>();
            for (Future<Played> future : playing) {
                tests.add(test(scenarios.get(tests.size()).name(), future));
            }
            return tests;
        } finally {
            threads.shutdownNow();
        }
    }

    private DynamicTest test(String scenario, Future<Played> future) throws InterruptedException {
        try {
            Played played = future.get();
            int runs = stage.runs(played.project());
            return DynamicTest.dynamicTest(scenario, () -> {
                assertEquals(played.expected(), played.came(), scenario);
                if (!played.byTheClock()) {
                    assertEquals(played.runs(), runs, "runs of the project");
                }
            });
        } catch (ExecutionException e) {
            return DynamicTest.dynamicTest(scenario, () -> {
                throw e.getCause();
            });
        }
    }
}

package dev.flujo.runner.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every executor does, whatever it executes steps with. */
@Timeout(60)
public abstract class JobExecutorContract {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    protected Path root;

    protected AttemptDirectory directory;
    protected JobExecutor executor;

    /** An executor whose own files lie in the directory. */
    protected abstract JobExecutor executor(Path root) throws IOException;

    /** A script that prints a line. */
    protected String printing(String line) {
        return "echo " + line;
    }

    /** A script that ends with this exit code. */
    protected String ending(int code) {
        return "exit " + code;
    }

    /** A script that does nothing for as long as nobody stops it. */
    protected String lasting() {
        return "sleep 3600";
    }

    @BeforeEach
    void make() throws IOException {
        directory = new AttemptDirectory(root.resolve("attempt"));
        directory.make();
        executor = executor(root);
    }

    @Test
    void executesAfterAFailureOnlyWhatSaysSo() throws Exception {
        Work work = Works.of(List.of(
                step(ending(3), Condition.NONE),
                step(printing("never"), Condition.NONE),
                step(printing("tidy"), new Condition(Optional.empty(), true, false)),
                step(printing("left out"), new Condition(Optional.of("false"), true, false)),
                step(printing("alarm"), new Condition(Optional.empty(), false, true))));

        assertEquals(
                List.of("began 0", "ended 0 3", "began 2", "ended 2 0", "began 4", "ended 4 0", "done"),
                follow(begin(work)));
        assertEquals("alarm\n", Files.readString(directory.output(4)));
    }

    @Test
    void goesOnAfterAStepThatMayFail() throws Exception {
        Step.Settings forgiven = new Step.Settings(
                Condition.NONE, true, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());
        Work work = Works.of(List.of(
                new Step("first", ending(3), Map.of(), forgiven),
                step(printing("on"), Condition.NONE),
                step(ending(4), Condition.NONE)));

        assertEquals(
                List.of("began 0", "ended 0 3", "began 1", "ended 1 0", "began 2", "ended 2 4", "done"),
                follow(begin(work)));
    }

    private static Step step(String script, Condition condition) {
        return new Step(
                "step",
                script,
                Map.of(),
                new Step.Settings(
                        condition, false, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of()));
    }

    @Test
    void runsStepsOneAfterTheOtherEachWithItsOutput() throws Exception {
        Work work = Works.of(printing("first"), printing("second"));

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 0", "done"), follow(begin(work)));

        assertEquals("first\n", Files.readString(directory.output(0)));
        assertEquals("second\n", Files.readString(directory.output(1)));
    }

    @Test
    void runsNoStepAfterOneThatFails() throws Exception {
        Work work = Works.of(ending(3), printing("never"));

        assertEquals(List.of("began 0", "ended 0 3", "done"), follow(begin(work)));

        assertFalse(Files.exists(directory.output(1)));
    }

    @Test
    void endsARunningStepWhenStoppedAndRunsNoOther() throws Exception {
        Execution execution = begin(Works.of(lasting(), printing("never")));
        assertInstanceOf(Transition.StepBegan.class, execution.next());

        execution.stop(Duration.ofMillis(200));

        assertFalse(follow(execution).stream().anyMatch(seen -> seen.startsWith("began") || seen.endsWith(" 0")));
        assertFalse(Files.exists(directory.output(1)));
    }

    @Test
    void mayBeStoppedWhenNothingRunsAnyMore() throws Exception {
        Execution execution = begin(Works.of(printing("done")));
        follow(execution);

        execution.stop(Duration.ZERO);
        execution.stop(Duration.ZERO);
    }

    @Test
    void knowsWhetherTheStepsWereBegun() throws Exception {
        assertFalse(executor.begun(directory));

        follow(begin(Works.of(printing("once"))));

        assertTrue(executor.begun(directory));
        assertTrue(executor(root).begun(directory));
    }

    @Test
    void comesToAnEndWhenTakenUpAndExecutesNothingAgain() throws Exception {
        Work work = Works.of(printing("once"));
        follow(begin(work));

        List<String> seen = follow(executor(root).takeUp(directory, work));

        assertTrue(List.of("done", "vanished").contains(seen.get(seen.size() - 1)), seen.toString());
        assertEquals("once\n", Files.readString(directory.output(0)));
    }

    protected Execution begin(Work work) throws Exception {
        return executor.begin(directory, work, ENVIRONMENT);
    }

    protected static List<String> follow(Execution execution) throws Exception {
        List<String> seen = new ArrayList<>();
        while (true) {
            Transition transition = execution.next();
            if (transition instanceof Transition.StepBegan began) {
                seen.add("began " + began.step());
            } else if (transition instanceof Transition.StepEnded ended) {
                seen.add("ended " + ended.step() + " " + ended.exitCode()
                        + ended.ranOut().map(what -> " " + what).orElse(""));
            } else {
                seen.add(transition instanceof Transition.Ended ? "done" : "vanished");
                return seen;
            }
        }
    }
}

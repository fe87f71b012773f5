package dev.flujo.runner.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.process.ProcessExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessExecutorTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    Path root;

    private AttemptDirectory directory;
    private ProcessExecutor executor;

    @BeforeEach
    void make() throws IOException {
        directory = new AttemptDirectory(root.resolve("attempt"));
        Files.createDirectories(directory.workspace());
        Files.createDirectories(directory.steps());
        executor = new ProcessExecutor(root, 1);
    }

    @Test
    void runsStepsInTheWorkspaceWithTheirEnvironmentUntilOneFails() throws Exception {
        Work work = Works.of("pwd; printf '%s' \"$GREETING\"", "false | true; echo not reached", "echo never");

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 1", "done"), follow(begin(work)));

        assertEquals(directory.workspace().toRealPath() + "\nit's\n$HOME", Files.readString(directory.output(0)));
        assertEquals("", Files.readString(directory.output(1)));
    }

    @Test
    void passesNothingOfTheRunnersEnvironmentOn() throws Exception {
        follow(begin(Works.of("env | cut -d= -f1 | sort | tr '\\n' ' '")));

        String names = Files.readString(directory.output(0));
        assertTrue(names.contains("FLUJO_ATTEMPT_ID ") && names.contains("GREETING "), names);
        assertEquals(
                "",
                names.replaceAll(
                        "FLUJO_ATTEMPT_ID |FLUJO_SUPERVISOR |GREETING |\\$HOME |OLDPWD |PATH |PWD |SHLVL |_ ", ""),
                names);
    }

    @Test
    void endsTheWholeTreeAlsoWhatLeftItsSession() throws Exception {
        Work work = Works.of("setsid bash -c 'trap \"\" TERM; echo $$ > pid; sleep 1000' & wait");
        Execution execution = begin(work);
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        Path pid = directory.workspace().resolve("pid");
        while (!Files.exists(pid) || Files.size(pid) == 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        long number = Long.parseLong(Files.readString(pid).trim());

        execution.stop(Duration.ofMillis(200));

        assertTrue(ended(number));
    }

    @Test
    void takesUpWhatEndedWhileNobodyListened() throws Exception {
        Work work = Works.of("echo done; exit 3");
        List<String> seen = follow(begin(work));

        assertEquals(seen, follow(executor.takeUp(directory, work)));
    }

    @Test
    void takesUpWhatGoesOn() throws Exception {
        Work work = Works.of("until [ -e go ]; do sleep 0.02; done");
        begin(work);

        Execution again = executor.takeUp(directory, work);
        assertInstanceOf(Transition.StepBegan.class, again.next());
        Files.writeString(directory.workspace().resolve("go"), "");

        assertEquals(List.of("ended 0 0", "done"), follow(again));
    }

    @Test
    void saysThatTheStepsAreGone() throws Exception {
        Work work = Works.of("true");
        directory.noteSupervisor("one that is gone");

        assertInstanceOf(
                Transition.Vanished.class, executor.takeUp(directory, work).next());
    }

    @Test
    void knowsWhetherTheStepsWereBegun() throws Exception {
        assertFalse(executor.begun(directory));
        directory.noteSupervisor("one that was never told");
        assertFalse(executor.begun(directory));

        follow(begin(Works.of("true")));

        assertTrue(executor.begun(directory));
    }

    /** Ended, though its parent may not have asked for its exit code yet. */
    private static boolean ended(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
    }

    private Execution begin(Work work) throws IOException {
        return executor.begin(directory, work, ENVIRONMENT);
    }

    private static List<String> follow(Execution execution) throws IOException, InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            Transition transition = execution.next();
            if (transition instanceof Transition.StepBegan began) {
                seen.add("began " + began.step());
            } else if (transition instanceof Transition.StepEnded ended) {
                seen.add("ended " + ended.step() + " " + ended.exitCode());
            } else {
                seen.add(transition instanceof Transition.Ended ? "done" : "vanished");
                return seen;
            }
        }
    }
}

package dev.flujo.runner.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.process.ProcessExecutor;
import dev.flujo.runner.executor.process.TestProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Jobs as processes that are apart from nothing: so all that they leave can be seen. */
class ProcessExecutorTest extends JobExecutorContract {

    @Override
    protected JobExecutor executor(Path root) throws IOException {
        return new ProcessExecutor(TestProcess.config(Map.of("isolation", "none")), root, 1, root.resolve("home"));
    }

    @Test
    void runsStepsInTheWorkspaceWithTheirEnvironment() throws Exception {
        Work work = Works.of("pwd; printf '%s' \"$GREETING\"", "false | true; echo not reached", "echo never");

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 1", "done"), follow(begin(work)));

        assertEquals(directory.workspace().toRealPath() + "\nit's\n$HOME", Files.readString(directory.output(0)));
        assertEquals("", Files.readString(directory.output(1)));
    }

    @Test
    void startsStepsElsewhereWithAnotherShellAndUnderALimit() throws Exception {
        Files.createDirectories(directory.workspace().resolve("it's"));
        Work work = Works.of(List.of(
                new Step("sh", "echo \"$0\"; basename \"$PWD\"", Map.of(), placed("sh", "it's", Duration.ofMinutes(1))),
                new Step("slow", "sleep 30", Map.of("A", "b"), placed("bash", ".", Duration.ofSeconds(1)))));

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 124", "done"), follow(begin(work)));
        assertTrue(Files.readString(directory.output(0)).endsWith("/steps/0.sh\nit's\n"));
    }

    private static Step.Settings placed(String shell, String directory, Duration limit) {
        return new Step.Settings(
                Condition.NONE,
                false,
                Optional.of(limit),
                Optional.of(shell),
                Optional.of(directory),
                List.of(),
                List.of());
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
        Execution execution = begin(Works.of("setsid bash -c 'trap \"\" TERM; echo $$ > pid; sleep 1000' & wait"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        long deaf = pid("pid");

        execution.stop(Duration.ofMillis(200));

        assertTrue(ended(deaf));
    }

    @Test
    void endsWhatTheStepsHaveLeftBehindAlsoWhatDroppedItsEnvironment() throws Exception {
        Execution execution = begin(
                Works.of(
                        "sleep 1001 & echo $! > plain; env -i sleep 1002 & echo $! > bare; setsid sleep 1003 & echo $! > away"));
        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(execution));
        List<Long> left = List.of(pid("plain"), pid("bare"), pid("away"));
        assertEquals(List.of(), left.stream().filter(ProcessExecutorTest::ended).toList());

        execution.stop(Duration.ofSeconds(5));

        assertEquals(left, left.stream().filter(ProcessExecutorTest::ended).toList());
    }

    @Test
    void endsTheStepWhoseSupervisorWasKilled() throws Exception {
        Execution execution = begin(Works.of("echo $PPID > supervisor; echo $$ > step; exec sleep 1004"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        long step = pid("step");
        ProcessHandle.of(pid("supervisor")).orElseThrow().destroyForcibly();

        assertInstanceOf(Transition.Vanished.class, execution.next());
        execution.stop(Duration.ofSeconds(5));

        assertTrue(ended(step));
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
        directory.noteSupervisor("one that is gone");

        assertInstanceOf(
                Transition.Vanished.class,
                executor.takeUp(directory, Works.of("true")).next());
    }

    @Test
    void beginsOnceWhatWasHandedToASupervisorThatNeverHeardOfIt() throws Exception {
        directory.noteSupervisor("one that was never told");
        assertFalse(executor.begun(directory));
        Work work = Works.of("echo executed >> ../executions");

        follow(begin(work));
        assertTrue(executor(root).begun(directory));
        follow(executor(root).takeUp(directory, work));

        assertEquals("executed\n", Files.readString(directory.path().resolve("executions")));
    }

    private long pid(String name) throws IOException {
        Path file = directory.workspace().resolve(name);
        while (!Files.exists(file) || Files.size(file) == 0) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return Long.parseLong(Files.readString(file).trim());
    }

    /** Ended, though its parent may not have asked for its exit code yet. */
    private static boolean ended(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }
}

package dev.flujo.runner.executor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import dev.flujo.kit.process.MarkedProcesses;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.JobExecutorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs as processes, as far apart as this machine allows; skipped where it allows nothing. */
class IsolatedProcessTest extends JobExecutorContract {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @Override
    protected JobExecutor executor(Path root) throws IOException {
        return executor(root, Map.of());
    }

    private static JobExecutor executor(Path root, Map<String, String> config) throws IOException {
        return new ProcessExecutor(TestProcess.config(config), root, 1, root.resolve("home"));
    }

    @BeforeEach
    void needsAMachineThatAllowsIt() {
        Assumptions.assumeTrue(
                executor.isolation().contains("of their own;")
                        || executor.isolation().contains("of their own, "),
                () -> "Skipped: " + executor.isolation());
    }

    @Test
    void saysWhatAJobHasOfItsOwn() throws Exception {
        assertEquals(
                "jobs are processes of this machine: processes, mounts and System V objects of their own; as the runner's"
                        + " user, who cannot become another; the kernel is shared, so trusted code only",
                executor.isolation());
        assertTrue(executor(root, Map.of("isolation", "none")).isolation().contains("nothing of their own"));
    }

    @Test
    void aJobSeesNoProcessButItsOwn() throws Exception {
        follow(begin(Works.of("ls /proc | grep -c '^[0-9]'; cat /proc/1/cmdline | tr '\\0' ' '")));

        List<String> seen = Files.readAllLines(directory.output(0));
        assertTrue(Integer.parseInt(seen.get(0)) < 15, seen.toString());
        assertTrue(seen.get(1).contains("init.sh"), seen.toString());
    }

    @Test
    void whatAStepLeavesBehindEndsWithTheJobWhateverItDid() throws Exception {
        Execution execution = begin(Works.of("setsid bash -c 'trap \"\" TERM HUP; exec -a left-"
                + directory.path().hashCode() + " sleep 1000' >/dev/null 2>&1 & disown; sleep 0.2"));
        assertEquals(List.of("began 0", "ended 0 0", "done"), follow(execution));

        execution.stop(Duration.ofMillis(200));

        assertEquals(List.of(), processes("left-" + directory.path().hashCode()));
    }

    @Test
    void aStoppedJobHasTheRunnersPatienceToTidyUp() throws Exception {
        Execution execution = begin(Works.of(
                "trap 'sleep 0.3; echo tidy > tidy; exit 0' TERM; echo > up; while :; do sleep 0.05; done",
                "echo > next"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        await(directory.workspace().resolve("up"));

        execution.stop(Duration.ofSeconds(20));

        assertEquals("tidy\n", Files.readString(directory.workspace().resolve("tidy")));
        assertFalse(Files.exists(directory.workspace().resolve("next")));
    }

    @Test
    void nothingOfAJobIsLeftWhenItsRunnerIsNotThereAnyMoreToStopIt() throws Exception {
        Execution execution = begin(Works.of("sleep 1000 & sleep 1000"));
        assertInstanceOf(Transition.StepBegan.class, execution.next());
        MarkedProcesses all = Supervisor.processes(directory.supervisor().orElseThrow());
        assertFalse(all.living().isEmpty());

        executor(root).takeUp(directory, Works.of("true")).stop(Duration.ZERO);

        assertEquals(List.of(), all.living());
    }

    @Test
    void reachesNothingWhereThatIsSaid() throws Exception {
        JobExecutor without = executor(root, Map.of("network", "none"));
        assertTrue(without.isolation().contains("no network"), without.isolation());

        follow(without.begin(
                directory, Works.of("cut -d: -f1 -s /proc/net/dev | tr -d ' ' | tr '\\n' ' '"), ENVIRONMENT));

        assertEquals("lo ", Files.readString(directory.output(0)));
    }

    @Test
    void holdsAJobToItsOpenFiles() throws Exception {
        JobExecutor limited = executor(root, Map.of("files", "256"));

        follow(limited.begin(directory, Works.of("ulimit -n"), ENVIRONMENT));

        assertEquals("256\n", Files.readString(directory.output(0)));
    }

    @Test
    void aJobOfAnotherUserCannotReadWhatIsTheRunners() throws Exception {
        Assumptions.assumeTrue(root(), "Skipped: only root can have jobs be another user");
        // The directories above are closed to others, as those of most temporary files are.
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        Path secret = Files.writeString(root.resolve("secret"), "of the runner");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(directory.workspace().resolve("checked-out"), "mine\n");
        JobExecutor other = executor(root, Map.of("user", "10001:10001"));
        assertTrue(other.isolation().contains("as the user 10001:10001"), other.isolation());

        List<String> seen = follow(other.begin(
                directory,
                Works.of(
                        "id -u; id -G; cat checked-out; echo mine > checked-out; echo made > made; touch ~/at-home",
                        "! cat " + secret + " && ! cat /proc/"
                                + ProcessHandle.current().pid() + "/environ && ! ls "
                                + directory.path().resolve("..") + " && ! setpriv --reuid=0 true"),
                Map.of(
                        "PATH",
                        "/usr/bin:/bin",
                        "HOME",
                        other.place(directory).home().toString())));

        assertEquals(List.of("began 0", "ended 0 0", "began 1", "ended 1 0", "done"), seen);
        assertEquals("10001\n10001\nmine\n", Files.readString(directory.output(0)));
        assertEquals("made\n", Files.readString(directory.workspace().resolve("made")));
    }

    @Test
    void saysWhyAnotherUserCannotHaveJobsWhereItCannotReadTheirScripts() throws Exception {
        Assumptions.assumeTrue(root(), "Skipped: only root can have jobs be another user");
        Path closed = Files.createDirectory(
                root.resolve("closed"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        IOException refused = assertThrows(IOException.class, () -> executor(closed, Map.of("user", "10001:10001")));

        assertTrue(refused.getMessage().startsWith("Expected the user 10001:10001 to read "), refused.getMessage());
    }

    @Test
    void endsOnlyTheJobThatTakesMoreMemoryThanItMay() throws Exception {
        JobExecutor limited = limited(Map.of("memory", "64M"));

        assertEquals(
                List.of("began 0", "ended 0 137 MEMORY", "done"),
                follow(limited.begin(directory, Works.of("head -c 300M /dev/zero | tail > /dev/null"), ENVIRONMENT)));
    }

    @Test
    void endsOnlyTheJobThatTakesMoreProcessesThanItMay() throws Exception {
        JobExecutor limited = limited(Map.of("pids", "40"));
        Step many = new Step(
                "many",
                "n=0; while [ $n -lt 500 ]; do sleep 300 & n=$((n + 1)); done",
                Map.of(),
                new Step.Settings(
                        Condition.NONE,
                        false,
                        Optional.empty(),
                        Optional.of("sh"),
                        Optional.empty(),
                        List.of(),
                        List.of()));
        Execution execution = limited.begin(directory, Works.of(List.of(many)), ENVIRONMENT);

        assertEquals(List.of("began 0", "ended 0 2 PROCESSES", "done"), follow(execution));
        execution.stop(Duration.ZERO);
    }

    /** An executor with limits that need control groups; the test is skipped where none can be made. */
    private JobExecutor limited(Map<String, String> limits) throws IOException {
        try {
            return executor(root, limits);
        } catch (IOException e) {
            Assumptions.abort("Skipped: " + e.getMessage());
            throw e;
        }
    }

    private boolean root() throws IOException {
        return (int) Files.getAttribute(root, "unix:uid") == 0;
    }

    private static List<String> processes(String name) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.startsWith(name))
                .toList();
    }

    private static void await(Path file) {
        while (!Files.exists(file)) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }
}

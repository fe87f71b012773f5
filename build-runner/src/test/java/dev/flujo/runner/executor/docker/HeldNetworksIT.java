package dev.flujo.runner.executor.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Work;
import dev.flujo.runner.AttemptDirectory;
import dev.flujo.runner.Works;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs in containers that nobody has started ahead, in places of the network that were held for them, of a real engine. */
@Timeout(120)
class HeldNetworksIT {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    @TempDir
    Path root;

    private final String runner = "test-" + UUID.randomUUID();
    private Engine engine;
    private DockerExecutor executor;
    private AttemptDirectory directory;
    private int attempts;

    @BeforeEach
    void begin() throws IOException {
        executor = executor("1");
        engine = new Engine(TestEngine.DOCKER.host());
    }

    private DockerExecutor executor(String held) throws IOException {
        return new DockerExecutor(
                TestEngine.DOCKER.config(
                        Map.of("flujo.runner.docker.ahead", "0", "flujo.runner.docker.networks-ahead", held)),
                root,
                runner,
                Set.of());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        executor.close();
        for (String mark : engine.marks(runner)) {
            engine.remove(mark);
        }
        engine.removeNetwork(ContainerOrder.name(runner));
        engine.close();
    }

    @Test
    void aJobHasItsOwnPlaceInTheNetwork() throws Exception {
        Execution execution = beginBeside(Works.of(
                "cat /proc/sys/kernel/hostname; cut -d: -f1 -s /proc/net/dev | tr -d ' ' | sort | tr '\n' ' '"));

        ends(execution);

        assertEquals("flujo\neth0 lo ", Files.readString(directory.output(0)));
    }

    @Test
    void aJobReachesNoOtherJob() throws Exception {
        Execution one = beginBeside(Works.of("grep flujo /etc/hosts | cut -f1; sleep 1000"));
        AttemptDirectory first = directory;
        assertInstanceOf(Transition.StepBegan.class, one.next());
        while (!Files.exists(first.output(0)) || Files.size(first.output(0)) == 0) {
            pause();
        }
        String address = Files.readString(first.output(0)).strip();

        Execution other = beginBeside(
                Works.of("timeout 1 bash -c 'exec 3<>/dev/tcp/" + address + "/8080' 2>/dev/null || echo $?"));

        ends(other);
        assertEquals(
                "124\n", Files.readString(directory.output(0)), "no answer at all, where a neighbour would refuse");
        one.stop(Duration.ZERO);
    }

    @Test
    void whatHoldsAPlaceGoesWithTheJobThatWasThere() throws Exception {
        Execution execution = beginBeside(Works.of("true"));
        ends(execution);
        String mark = directory.supervisor().orElseThrow();
        assertTrue(engine.runs(HolderOrder.name(mark)));

        execution.stop(Duration.ZERO);

        while (engine.marks(runner).contains(mark)) {
            pause();
        }
    }

    @Test
    void aJobGoesOnInItsPlaceWhenItsRunnerIsNotThereAnyMore() throws Exception {
        Work work = Works.of("until [ -e go ]; do sleep 0.05; done; grep -c eth0 /proc/net/dev");
        assertInstanceOf(Transition.StepBegan.class, beginBeside(work).next());
        executor.close();

        executor = executor("0");
        executor.keepOnly(List.of(directory));
        Execution taken = executor.takeUp(directory, work);
        Files.writeString(directory.workspace().resolve("go"), "");

        ends(taken);
        assertEquals("1\n", Files.readString(directory.output(0)));
    }

    @Test
    void aJobWhosePlaceIsLostHasOneMadeForIt() throws Exception {
        String held = held();
        engine.end(HolderOrder.name(held), Duration.ZERO);

        while (engine.marks(runner).contains(held)) {
            ends(begin(Works.of("grep -c eth0 /proc/net/dev")));

            assertEquals("1\n", Files.readString(directory.output(0)));
        }
    }

    /** The mark of the place that is held now. */
    private String held() throws IOException {
        while (true) {
            List<String> marks = engine.marks(runner);
            if (!marks.isEmpty() && engine.runs(HolderOrder.name(marks.get(0)))) {
                return marks.get(0);
            }
            pause();
        }
    }

    /** Begins the job in a place that was held; jobs that come before one is there have their own. */
    private Execution beginBeside(Work work) throws Exception {
        while (true) {
            Execution begun = begin(work);
            if (engine.runs(HolderOrder.name(directory.supervisor().orElseThrow()))) {
                return begun;
            }
            begun.stop(Duration.ZERO);
        }
    }

    private Execution begin(Work work) throws Exception {
        directory = new AttemptDirectory(root.resolve("attempt" + attempts++));
        directory.make();
        executor.prepare(work, () -> false);
        return executor.begin(directory, work, ENVIRONMENT);
    }

    private static void ends(Execution execution) throws Exception {
        Transition last = execution.next();
        while (!(last instanceof Transition.Ended)) {
            if (last instanceof Transition.StepEnded step) {
                assertEquals(0, step.exitCode());
            }
            last = execution.next();
        }
    }

    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
}

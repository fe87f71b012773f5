package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackProcessesTest {

    private static final String LEAVES_BEHIND =
            """
            setsid sleep 1001 & echo $! >> pids
            env -i sleep 1002 & echo $! >> pids
            env -i setsid sleep 1003 & echo $! >> pids
            env -i setsid bash -c 'trap "" TERM; while :; do sleep 1009; done' & echo $! >> pids
            bash -c 'trap "" TERM; env -i bash -c "trap \\"\\" TERM; sleep 1004" & echo $! >> pids; wait' & echo $! >> pids
            echo $$ >> pids
            wait
            """;

    @TempDir
    Path home;

    @AfterEach
    void nothingIsLeft() {
        new StackProcesses(home).end(process -> false);
    }

    @Test
    void endsWhateverTheStackHasBegunAlsoWhatHidesFromIt() throws IOException {
        start(home, LEAVES_BEHIND);
        List<Long> begun = pids(7);

        new StackProcesses(home).end(process -> false);

        assertEquals(
                List.of(),
                begun.stream().filter(pid -> ProcessEntry.of(pid).isPresent()).toList());
    }

    @Test
    void findsWhatHidesFromItAlsoWhenItsParentHasDied() throws IOException {
        start(home, "env -i sleep 1005 & echo $! >> pids; sleep 1006 & echo $! >> pids; exec 2>&-; kill -9 $$");
        List<Long> begun = pids(2);

        assertTrue(new StackProcesses(home)
                .living().stream().map(ProcessHandle::pid).anyMatch(begun.get(1)::equals));

        new StackProcesses(home).end(process -> false);

        assertFalse(ProcessEntry.of(begun.get(1)).isPresent());
        ProcessHandle.of(begun.get(0)).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void leavesAloneWhatIsSparedAndWhatIsOfAnotherStack(@TempDir Path elsewhere) throws IOException {
        Process spared = start(home, "exec sleep 1007");
        Process foreign = start(elsewhere, "exec sleep 1008");

        new StackProcesses(home).end(spared.toHandle()::equals);

        assertTrue(spared.isAlive());
        assertTrue(foreign.isAlive());
        foreign.destroyForcibly();
    }

    private Process start(Path stack, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("setsid", "bash", "-c", script).directory(home.toFile());
        builder.environment().putAll(Map.of(StackProcesses.MARK, StackProcesses.id(stack)));
        return builder.start();
    }

    private List<Long> pids(int count) {
        Path file = home.resolve("pids");
        assertTrue(Await.until(Duration.ofSeconds(10), () -> lines(file).size() == count));
        return lines(file).stream().map(Long::valueOf).toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError("Expected to read " + file, e);
        }
    }
}

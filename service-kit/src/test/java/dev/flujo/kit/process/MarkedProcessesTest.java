package dev.flujo.kit.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MarkedProcessesTest {

    private static final String MARK = "FLUJO_TEST_MARK";

    @TempDir
    Path directory;

    private final String value = UUID.randomUUID().toString();
    private final MarkedProcesses processes = new MarkedProcesses(MARK, value);

    @Test
    void endsWhatIsDeafWhatLeftItsSessionAndWhatDroppedTheMark() throws Exception {
        start(
                """
                setsid bash -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 1; done' &
                env -i sleep 1001 & echo $! >> pids
                env -i setsid sleep 1002 & echo $! >> pids
                echo $$ >> pids
                wait
                """);
        List<Long> begun = pids(4);

        processes.end(Duration.ofMillis(200));

        assertEquals(
                List.of(), begun.stream().filter(MarkedProcessesTest::lives).toList());
    }

    @Test
    void findsWhatDroppedTheMarkInTheSessionOfALeaderThatHasEnded() throws Exception {
        Process leader = start("env -i sleep 1003 & echo $! >> pids; until [ -e go ]; do sleep 0.01; done");
        long child = pids(1).get(0);
        MarkedProcesses all = processes.begunBy(leader.pid());
        Files.createFile(directory.resolve("go"));
        leader.waitFor();

        while (!processes.living().isEmpty()) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        assertTrue(lives(child));
        all.end(Duration.ofSeconds(5));

        assertEquals(false, lives(child));
    }

    @Test
    void leavesAloneWhatCarriesAnotherMark() throws Exception {
        Process other = new ProcessBuilder("sleep", "1004").start();
        start("echo $$ >> pids; sleep 1005");
        pids(1);

        processes.end(Duration.ofSeconds(5));

        assertTrue(other.isAlive());
        other.destroyForcibly();
    }

    private Process start(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("setsid", "bash", "-c", script)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put(MARK, value);
        return builder.start();
    }

    private List<Long> pids(int count) throws IOException {
        Path file = directory.resolve("pids");
        while (!Files.exists(file) || Files.readAllLines(file).size() < count) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
        return Files.readAllLines(file).stream().map(Long::valueOf).toList();
    }

    private static boolean lives(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }
}

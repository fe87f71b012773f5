package dev.flujo.runner.executor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Supervisors that wait, and the death of their runner. */
@Timeout(60)
class SupervisorsTest {

    private static final int AHEAD = 3;

    @TempDir
    Path root;

    @Test
    void endWhenTheirRunnerIsKilled() throws Exception {
        waitUntilTheyAreGoneAfter(ProcessHandle::destroyForcibly);
    }

    @Test
    void endWhenTheirRunnerIsAskedToEnd() throws Exception {
        waitUntilTheyAreGoneAfter(ProcessHandle::destroy);
    }

    private void waitUntilTheyAreGoneAfter(Consumer<ProcessHandle> death) throws Exception {
        Process runner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingRunner.class.getName(),
                        root.toString(),
                        Integer.toString(AHEAD))
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        await(AHEAD);

        death.accept(runner.toHandle());

        await(0);
        runner.waitFor();
    }

    /** Waits until so many supervisors of the directory wait. */
    private void await(int count) throws IOException {
        while (waiting().size() != count) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertEquals(count, waiting().size());
    }

    private List<Path> waiting() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                if (commandLine(entry).startsWith("bash\0" + root.resolve("supervisor.sh"))) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}

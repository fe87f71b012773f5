package dev.flujo.runner.executor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.kit.process.MarkedProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingRunner.class.getName(),
                        root.toString(),
                        Integer.toString(AHEAD))
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().put("FLUJO_STACK", root.toString());
        Process runner = builder.start();
        await(() -> supervisors() == AHEAD);

        death.accept(runner.toHandle());

        MarkedProcesses left = new MarkedProcesses("FLUJO_STACK", root.toString());
        await(() -> left.living().isEmpty());
        assertEquals(0, supervisors());
        runner.waitFor();
    }

    /** How many supervisors of the runner have begun to wait, each with the shell of its first step. */
    private long supervisors() {
        return new MarkedProcesses("FLUJO_STACK", root.toString())
                .living().stream()
                        .filter(process -> commandLine(process).endsWith("../steps/0.sh\0"))
                        .count();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}

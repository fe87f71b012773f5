package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner that cannot start, as it is packaged: who starts it has nothing but its exit code and what it says. */
class RefusedStartIT {

    @TempDir
    private Path directory;

    @Test
    void saysWhyItDoesNotStart() throws Exception {
        String nobody = "127.0.0.1:" + Await.freePort();

        Process runner = RunnerProcess.launch(
                directory, nobody, Map.of("MP_MESSAGING_INCOMING_ASSIGNMENTS_AUTO_OFFSET_RESET", "latest"));

        try {
            assertTrue(runner.waitFor(60, TimeUnit.SECONDS));
        } finally {
            runner.destroyForcibly();
        }
        String said = Files.readString(directory.resolve("runner.log"));
        assertEquals(1, runner.exitValue(), said);
        assertTrue(
                said.contains(
                        "Expected mp.messaging.incoming.assignments.auto.offset.reset as 'earliest', but found 'latest'"),
                said);
    }
}

package dev.flujo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManyJobsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void aJobThatHasBegunGoesOnOnceTheGateIsOpen() throws Exception {
        Path begun = Files.createDirectory(directory.resolve("begun"));
        Path gate = ManyJobs.pipe(directory.resolve("gate"));
        ProcessBuilder builder = new ProcessBuilder("bash", "-ec", ManyJobs.begunAndWaits(begun, gate));
        builder.environment().put("FLUJO_JOB", "job7");
        Process job = builder.start();

        assertTrue(Await.until(PATIENCE, () -> Files.exists(begun.resolve("job7"))));
        assertTrue(job.isAlive());
        RandomAccessFile open = new RandomAccessFile(gate.toFile(), "rw");
        try {
            assertEquals(0, job.waitFor());
        } finally {
            open.close();
        }
    }

    @Test
    void theLastToBeginIsTheOneWithTheLatestTime() throws Exception {
        Files.writeString(directory.resolve("a"), "100.250000\n");
        Files.writeString(directory.resolve("b"), "101,500000\n");
        Files.writeString(directory.resolve("c"), "99.000000\n");

        assertEquals(101_500, ManyJobs.lastBegun(directory));
    }
}

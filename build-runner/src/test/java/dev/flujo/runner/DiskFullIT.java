package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner on a small disk of its own, which a job fills. */
@Timeout(180)
class DiskFullIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Path disk;
    private TestLog log;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("runner"));
        Assumptions.assumeTrue(
                command("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()) == 0,
                "Skipped: a small disk can only be made by root");
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void unmount() throws Exception {
        if (log != null) {
            log.close();
            command("umount", "--lazy", disk.toString());
        }
    }

    @Test
    void endsTheJobThatFilledItAndTakesOthersOnceThereIsRoom() throws Exception {
        try (RunnerProcess runner = RunnerProcess.start(
                directory,
                TestServers.shared().kafka().bootstrapServers(),
                log,
                Map.of("FLUJO_RUNNER_LEAST_DISK", "32M"))) {
            Attempt greedy = runner.assign("cat /dev/zero >big");
            JobFinished full = finished(runner, greedy);
            assertEquals(Outcome.FAILED, full.outcome());
            assertEquals(Optional.of("disk-full"), full.failure());
            assertTrue(
                    full.reason().orElseThrow().startsWith("the disk that the job writes to is full: "),
                    full.reason()::toString);

            assertTrue(Await.until(PATIENCE, () -> !drains(runner)), runner::words);
            Path filling = disk.resolve("filling");
            Files.write(filling, new byte[40 * 1024 * 1024]);
            assertTrue(Await.until(PATIENCE, () -> drains(runner)), runner::words);
            Files.delete(filling);
            assertTrue(Await.until(PATIENCE, () -> !drains(runner)), runner::words);
            assertEquals(
                    Outcome.SUCCEEDED,
                    finished(runner, runner.assign("echo enough >small")).outcome());
        }
    }

    private JobFinished finished(RunnerProcess runner, Attempt attempt) {
        assertTrue(Await.until(PATIENCE, () -> find(attempt).isPresent()), runner::words);
        return find(attempt).orElseThrow();
    }

    private Optional<JobFinished> find(Attempt attempt) {
        return log.events(Topic.BUILDS).stream()
                .filter(envelope -> envelope.event() instanceof JobFinished finished
                        && finished.attempt().equals(attempt))
                .map(envelope -> (JobFinished) envelope.event())
                .findFirst();
    }

    private static boolean drains(RunnerProcess runner) {
        try {
            return runner.drains();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

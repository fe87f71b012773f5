package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunnerEvent;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Topic;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runner that is asked to end while it has jobs: the packaged one, since it is about the end of a process. */
@Timeout(180)
class DrainIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private TestLog log;

    @BeforeEach
    void begin() {
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void letsItsJobsEndTakesNoOthersAndExitsWell() throws Exception {
        try (RunnerProcess runner = start(Map.of("FLUJO_RUNNER_DRAIN", "60s"))) {
            List<Attempt> attempts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                attempts.add(runner.assign(untilTold(i)));
            }
            awaitBegun(3);

            runner.ask();

            await(runner, runner::drains);
            assertTrue(runner.alive());
            assertEquals(3, ((RunnerAlive) last(runner)).running().size());
            tell(3);
            assertEquals(0, runner.exitCode(), runner::words);
            assertInstanceOf(RunnerLeft.class, last(runner));
            for (Attempt attempt : attempts) {
                assertEquals(List.of(Outcome.SUCCEEDED), outcomes(attempt));
            }
        }
    }

    @Test
    void handsBackWhatTakesTooLongAndLeavesNoProcessOfIt() throws Exception {
        // One beat after the other, so that one is under way whenever it leaves.
        try (RunnerProcess runner = start(Map.of("FLUJO_RUNNER_DRAIN", "1s", "FLUJO_RUNNER_HEARTBEAT", "1ms"))) {
            String name = "lasts-" + directory.hashCode();
            Attempt attempt =
                    runner.assign("echo begun > " + directory.resolve("begun-0") + "; exec -a " + name + " sleep 3600");
            awaitBegun(1);

            runner.ask();

            assertEquals(0, runner.exitCode(), runner::words);
            assertInstanceOf(RunnerLeft.class, last(runner));
            assertEquals(List.of(), outcomes(attempt), "its pool gives it to somebody else");
            assertFalse(ProcessHandle.allProcesses()
                    .flatMap(process -> process.info().commandLine().stream())
                    .anyMatch(line -> line.startsWith(name)));
        }
        try (RunnerProcess again = start(Map.of())) {
            await(
                    again,
                    () -> last(again) instanceof RunnerAlive alive
                            && alive.running().isEmpty());
        }
    }

    @Test
    void whoIsKilledWhileItDrainsTakesUpItsJobsInItsNextLife() throws Exception {
        Attempt attempt;
        try (RunnerProcess runner = start(Map.of("FLUJO_RUNNER_DRAIN", "60s"))) {
            attempt = runner.assign(untilTold(0));
            awaitBegun(1);
            runner.ask();
            await(runner, runner::drains);

            runner.kill();
        }

        try (RunnerProcess again = start(Map.of())) {
            tell(1);
            await(again, () -> outcomes(attempt).equals(List.of(Outcome.SUCCEEDED)));
            assertEquals(1, Files.readAllLines(directory.resolve("begun-0")).size(), "it was executed once");
        }
    }

    @Test
    void whereNobodyWaitsForJobsTheyGoOnWithoutIt() throws Exception {
        Attempt attempt;
        try (RunnerProcess runner = start(Map.of())) {
            attempt = runner.assign(untilTold(0));
            awaitBegun(1);

            runner.ask();

            assertEquals(0, runner.exitCode(), runner::words);
            assertTrue(runner.drains());
        }
        tell(1);
        try (RunnerProcess again = start(Map.of())) {
            await(again, () -> outcomes(attempt).equals(List.of(Outcome.SUCCEEDED)));
            assertEquals(1, Files.readAllLines(directory.resolve("begun-0")).size(), "it was executed once");
        }
    }

    private RunnerProcess start(Map<String, String> settings) throws IOException {
        return RunnerProcess.start(directory, TestServers.shared().kafka().bootstrapServers(), log, settings);
    }

    private String untilTold(int number) {
        return "echo begun >> " + directory.resolve("begun-" + number) + "; until [ -e "
                + directory.resolve("go-" + number) + " ]; do sleep 0.05; done";
    }

    private void awaitBegun(int count) {
        for (int i = 0; i < count; i++) {
            Path file = directory.resolve("begun-" + i);
            assertTrue(Await.until(PATIENCE, () -> size(file) > 0), file::toString);
        }
    }

    private void tell(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.writeString(directory.resolve("go-" + i), "");
        }
    }

    private List<Outcome> outcomes(Attempt attempt) {
        return log.events(Topic.BUILDS).stream()
                .filter(envelope -> envelope.event() instanceof JobFinished finished
                        && finished.attempt().equals(attempt))
                .map(envelope -> ((JobFinished) envelope.event()).outcome())
                .toList();
    }

    private static RunnerEvent last(RunnerProcess runner) throws IOException {
        List<RunnerEvent> said = runner.said();
        return said.get(said.size() - 1);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(RunnerProcess runner, Condition condition) {
        assertTrue(
                Await.until(PATIENCE, () -> {
                    try {
                        return condition.holds();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }),
                runner::words);
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

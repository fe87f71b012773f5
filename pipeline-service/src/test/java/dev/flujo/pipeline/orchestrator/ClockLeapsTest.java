package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the clock of the orchestrator's machine, while jobs run, wait, and are on their way to a runner. */
class ClockLeapsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path state;

    private DrivenOrchestrator orchestrator;

    @BeforeEach
    void open() {
        orchestrator = new DrivenOrchestrator(state);
        orchestrator.define(
                "main",
                """
                name: main
                on: manual
                jobs: {build: {timeout: 2m, steps: [{run: make}]}}
                """);
        orchestrator.alive("r1");
    }

    @AfterEach
    void close() {
        orchestrator.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600, 90})
    void aJobHasItsWholeTimeWhateverTheClockSays(long seconds) {
        UUID run = orchestrator.start("main");
        Attempt attempt = orchestrator.started(run, "build");
        orchestrator.tick(Duration.ofMinutes(1), "r1");
        orchestrator.setClock(Duration.ofSeconds(seconds));

        orchestrator.tick(Duration.ofMinutes(1), "r1");
        assertEquals(List.of(), orchestrator.of(run, JobStopping.class), "stopped before its time");
        assertEquals(0, orchestrator.count(Topic.POOL_FACTS, JobLost.class), "losses of a runner that lives");

        orchestrator.tick(Duration.ofMinutes(2), "r1");
        assertEquals(
                List.of(attempt),
                orchestrator.of(run, JobStopping.class).stream()
                        .map(JobStopping::attempt)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {3600, -3600})
    void aRunnerThatIsGoneIsMissedAfterItsLease(long seconds) {
        UUID run = orchestrator.start("main");
        orchestrator.started(run, "build");
        orchestrator.tick(Duration.ofSeconds(1), "r1");
        orchestrator.setClock(Duration.ofSeconds(seconds));

        orchestrator.tickSilently(Duration.ofSeconds(29));
        assertEquals(0, orchestrator.count(Topic.POOL_FACTS, JobLost.class), "losses before the lease is over");

        orchestrator.tickSilently(Duration.ofSeconds(5));
        assertEquals(1, orchestrator.count(Topic.POOL_FACTS, JobLost.class), "losses");
    }

    @Test
    void whatIsOnItsWayToARunnerHasAsLongAsBefore() {
        orchestrator.start("main");
        orchestrator.setClock(HOUR);

        orchestrator.tickSilently(Duration.ofSeconds(20));
        assertEquals(0, orchestrator.count(Topic.POOL_FACTS, JobLost.class), "losses of what was just assigned");
    }

    @Test
    void whoAskedFirstIsFirstAlsoWhenTheClockIsSetBack() {
        UUID holder = orchestrator.start("main");
        Attempt attempt = orchestrator.started(holder, "build");
        UUID first = orchestrator.start("main");
        orchestrator.tick(Duration.ofSeconds(1), "r1");
        orchestrator.setClock(HOUR.negated());
        UUID second = orchestrator.start("main");

        orchestrator.send(Topic.BUILDS, DrivenOrchestrator.finished(attempt, Outcome.SUCCEEDED));

        List<UUID> assigned = orchestrator.all(Topic.ASSIGNMENTS, WorkAssigned.class).stream()
                .map(work -> work.attempt().run())
                .toList();
        assertEquals(List.of(holder, first), assigned, () -> "not " + second);
    }

    @Test
    void eventsHaveTheTimeOfTheClock() {
        orchestrator.setClock(HOUR);
        UUID run = orchestrator.start("main");

        Instant queued = orchestrator.read(Topic.RUNS).stream()
                .filter(envelope -> envelope.event() instanceof dev.flujo.event.RunEvent.RunQueued)
                .map(envelope -> envelope.time())
                .findFirst()
                .orElseThrow();
        assertEquals(DrivenOrchestrator.START.plus(HOUR), queued);
        assertEquals(0, orchestrator.of(run, JobFinished.class).size());
    }
}

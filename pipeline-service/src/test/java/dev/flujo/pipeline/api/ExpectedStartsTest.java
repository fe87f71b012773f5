package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExpectedStartsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final UUID RUN = new UUID(0, 1);
    private static final Map<String, Duration> TAKEN =
            Map.of("build", Duration.ofSeconds(60), "lint", Duration.ofSeconds(10), "test", Duration.ofSeconds(120));

    private final Plan plan = new Plan(
            "main",
            new Triggers(Optional.empty(), true),
            Map.of(),
            List.of(job("build"), job("lint"), job("test", "build", "lint"), job("ship", "test")));
    private final List<Envelope> log = new ArrayList<>();
    private Run run;

    @Test
    void aJobStartsWhenTheLastOfWhatItNeedsHasEnded() {
        begin();
        happens(new JobStarted("shop", attempt("build"), "r1", NOW.minusSeconds(20)));
        ExpectedStarts starts = starts(TAKEN);

        assertEquals(Optional.of(NOW.plusSeconds(40)), start(starts, "test"));
        assertEquals(Optional.of(NOW.plusSeconds(160)), start(starts, "ship"));
    }

    @Test
    void whatWaitsForASlotMovesWhatFollowsIt() {
        begin();
        ExpectedStarts starts = starts(TAKEN);
        starts.starts("build", NOW.plusSeconds(300));

        assertEquals(Optional.of(NOW.plusSeconds(360)), start(starts, "test"));
    }

    @Test
    void whatTakesLongerThanEverEndsAnyMoment() {
        begin();
        happens(new JobStarted("shop", attempt("build"), "r1", NOW.minusSeconds(600)));

        assertEquals(Optional.of(NOW.plusSeconds(10)), start(starts(TAKEN), "test"));
    }

    @Test
    void nothingIsSaidOfWhatHangsOnAJobThatNeverRan() {
        begin();

        assertEquals(Optional.empty(), start(starts(Map.of("lint", Duration.ofSeconds(1))), "test"));
    }

    private Optional<Instant> start(ExpectedStarts starts, String job) {
        return starts.start(plan.job(job).orElseThrow());
    }

    private ExpectedStarts starts(Map<String, Duration> taken) {
        return new ExpectedStarts(run, new Marks(log), taken, NOW);
    }

    private void begin() {
        RunQueued queued = new RunQueued(
                "shop",
                RUN,
                "main",
                "0123456789ab",
                new Cause(Cause.Kind.MANUAL, "ana", "request", NOW),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                plan);
        run = Run.begun(queued);
        happens(new JobQueued("shop", attempt("build"), "default"));
        happens(new JobQueued("shop", attempt("lint"), "default"));
    }

    private void happens(Event event) {
        run = Run.evolve(Optional.of(run), event);
        log.add(Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), NOW, UUID.randomUUID(), event));
    }

    private static Attempt attempt(String job) {
        return new Attempt(RUN, job, 1);
    }

    private static Job job(String id, String... needs) {
        return new Job(
                id,
                List.of(needs),
                Map.of(),
                List.of(new Step("work", "true", Map.of())),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.empty());
    }
}

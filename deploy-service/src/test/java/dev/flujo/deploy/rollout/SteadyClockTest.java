package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SteadyClockTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    Path directory;

    private Instant wall = BEGIN;
    private long nanos;

    @Test
    void goesOnEvenlyWhateverTheWallClockIsSetTo() throws IOException {
        SteadyClock clock = clock();
        passes(Duration.ofMinutes(1));
        wall = wall.plus(Duration.ofHours(5));

        assertEquals(BEGIN.plusSeconds(60), clock.now());
        passes(Duration.ofMinutes(1));
        wall = wall.minus(Duration.ofDays(2));

        assertEquals(BEGIN.plusSeconds(120), clock.now());
        assertEquals(wall.plusSeconds(30), clock.wall(BEGIN.plusSeconds(150)));
    }

    @Test
    void theNextLifeGoesOnFromThere() throws IOException {
        SteadyClock first = clock();
        wall = wall.plus(Duration.ofHours(5));
        assertEquals(BEGIN, first.now());

        wall = wall.plusSeconds(90);

        assertEquals(BEGIN.plusSeconds(90), clock().now(), "while nobody lived, the wall clock is believed");
    }

    @Test
    void followsAClockThatIsOnlyMadeABitFaster() throws IOException {
        SteadyClock clock = clock();
        passes(Duration.ofHours(1));
        wall = wall.plusMillis(400);

        assertEquals(wall, clock.now());
    }

    private void passes(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    private SteadyClock clock() {
        return new SteadyClock(directory, () -> wall.toEpochMilli(), () -> nanos);
    }
}

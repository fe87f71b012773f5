package dev.flujo.kit.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class ClockHealthTest {

    private final SetClock clock = new SetClock();
    private final ClockHealth health = new ClockHealth(clock);

    @Test
    void livesWhileTheClockGoesOnHoweverFast() {
        assertEquals(Status.UP, health.call().getStatus());
        clock.set(Duration.ofHours(1));
        assertEquals(Status.UP, health.call().getStatus());
    }

    @Test
    void diesOfAClockThatWasSetBackUntilItIsAsLateAgain() {
        clock.set(Duration.ofHours(1));
        health.call();

        clock.set(Duration.ofSeconds(-5));
        assertEquals(Status.UP, health.call().getStatus(), "a few seconds do no harm");
        clock.set(Duration.ofMinutes(-30));
        assertEquals(Status.DOWN, health.call().getStatus());

        clock.set(Duration.ofMinutes(30));
        assertEquals(Status.UP, health.call().getStatus());
    }

    private static final class SetClock extends Clock {

        private Instant now = Instant.EPOCH;

        void set(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}

package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {

    private final AtomicLong wall = new AtomicLong(1_000_000);
    private final AtomicLong nanos = new AtomicLong(-5_000_000);
    private final SteadyTime time = new SteadyTime(wall::get, nanos::get);

    @Test
    void beginsWithTheWallClockAndGoesOnWithoutIt() {
        assertEquals(1_000_000, time.milliseconds());

        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        wall.addAndGet(-3_600_000);

        assertEquals(1_002_000, time.milliseconds());
    }

    @Test
    void tellsHowFarTheClockWasSet() {
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        wall.addAndGet(2_000);
        assertEquals(Duration.ZERO, time.ahead());

        wall.addAndGet(-90_000);
        assertEquals(Duration.ofSeconds(-90), time.ahead());
    }

    @Test
    void waitsNoLongerThanToItsDeadline() throws InterruptedException {
        Object object = new Object();
        time.waitObject(object, () -> true, 0);
        assertThrows(TimeoutException.class, () -> time.waitObject(object, () -> false, time.milliseconds()));
    }
}

package dev.flujo.pipeline.orchestrator;

import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.jboss.logging.Logger;

/**
 * The time that Kafka Streams goes by: it begins with what the wall clock says and goes on with the clock that nobody sets. So
 * commits and timers come when they should, whatever becomes of the wall clock meanwhile.
 */
final class SteadyTime implements Time, WallClock {

    private static final Logger LOG = Logger.getLogger(SteadyTime.class);
    private static final long AT_ONCE_MILLIS = 50;
    private static final long NANOS = Duration.ofMillis(1).toNanos();

    private final String life = UUID.randomUUID().toString();
    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private final long startMillis;
    private final long startNanos;
    private volatile Duration told = Duration.ZERO;

    SteadyTime() {
        this(System::currentTimeMillis, System::nanoTime);
    }

    /** @param nanos a clock that nobody sets */
    SteadyTime(LongSupplier wallMillis, LongSupplier nanos) {
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.startMillis = wallMillis.getAsLong();
        this.startNanos = nanos.getAsLong();
    }

    @Override
    public String life() {
        return life;
    }

    @Override
    public Duration ahead() {
        long before;
        long wall;
        do {
            // A process that stood still between the two readings has not seen both clocks at one time.
            before = milliseconds();
            wall = wallMillis.getAsLong();
        } while (milliseconds() - before > AT_ONCE_MILLIS);
        Duration ahead = Duration.ofMillis(wall - before);
        Duration leap = ahead.minus(told);
        if (leap.abs().compareTo(LEAST) >= 0) {
            told = ahead;
            LOG.warnf("the clock was set by %s; everything that is measured by it moves with it", leap);
        }
        return ahead;
    }

    @Override
    public long milliseconds() {
        return startMillis + (nanoseconds() - startNanos) / NANOS;
    }

    @Override
    public long nanoseconds() {
        return nanos.getAsLong();
    }

    @Override
    public void sleep(long millis) {
        Time.SYSTEM.sleep(millis);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMillis)
            throws InterruptedException {
        synchronized (object) {
            while (!condition.get()) {
                long left = deadlineMillis - milliseconds();
                if (left <= 0) {
                    throw new org.apache.kafka.common.errors.TimeoutException(
                            "Expected the condition to become true, but it did not in time");
                }
                object.wait(left);
            }
        }
    }
}

package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Facts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * A time that goes on evenly while this service lives, whatever its wall clock is set to. By how much that was set in all is kept,
 * so that the next life goes on from there; while nobody lives, the wall clock is believed.
 */
final class SteadyClock {

    private static final Logger LOG = Logger.getLogger(SteadyClock.class);
    private static final String SET_BY = "set-by";

    /** Clocks that are only made faster or slower are followed. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private static final long AT_ONCE_NANOS = Duration.ofMillis(50).toNanos();

    private final Facts facts;
    private final LongSupplier wallMillis;
    private final LongSupplier nanos;
    private long lastMillis;
    private long lastNanos;

    SteadyClock(Path root) {
        this(root, System::currentTimeMillis, System::nanoTime);
    }

    /** @param nanos a clock that nobody sets */
    SteadyClock(Path root, LongSupplier wallMillis, LongSupplier nanos) {
        this.facts = new Facts(root.resolve("clock"));
        this.wallMillis = wallMillis;
        this.nanos = nanos;
        this.lastMillis = wallMillis.getAsLong();
        this.lastNanos = nanos.getAsLong();
    }

    synchronized Instant now() throws IOException {
        long before;
        long wall;
        do {
            // A process that stood still between the two readings has not seen both clocks at one time.
            before = nanos.getAsLong();
            wall = wallMillis.getAsLong();
        } while (nanos.getAsLong() - before > AT_ONCE_NANOS);
        Duration leap = Duration.ofMillis(wall - lastMillis).minusNanos(before - lastNanos);
        if (leap.abs().compareTo(LEAST) >= 0) {
            LOG.warnf("the clock was set by %s; until when environments stay moves with it", leap);
            facts.replace(SET_BY, setBy().plus(leap).toString());
            lastMillis = wall;
            lastNanos = before;
        }
        return Instant.ofEpochMilli(wall).minus(setBy());
    }

    /** What the wall clock says when this time has come, as far as that is known. */
    synchronized Instant wall(Instant steady) throws IOException {
        return steady.plus(setBy());
    }

    private Duration setBy() throws IOException {
        return facts.fact(SET_BY).map(Duration::parse).orElse(Duration.ZERO);
    }
}

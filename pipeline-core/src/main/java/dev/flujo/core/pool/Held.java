package dev.flujo.core.pool;

import java.time.Duration;
import java.util.Optional;

/** How long attempts had their slots of late: a mean in which an older one counts less than a newer one. */
final class Held {

    private static final int MEMORY = 50;

    private double meanMillis;
    private int count;

    void add(Duration held) {
        count = Math.min(count + 1, MEMORY);
        meanMillis += (held.toMillis() - meanMillis) / count;
    }

    Optional<Duration> mean() {
        return count == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(meanMillis)));
    }
}

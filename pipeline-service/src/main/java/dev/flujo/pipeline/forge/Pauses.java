package dev.flujo.pipeline.forge;

import java.time.Duration;

/** How long to wait after failures in a row. */
final class Pauses {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLED = 10;

    private Pauses() {}

    /** A second after the first one, then twice as long each time, up to five minutes. */
    static Duration after(int failures) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLED));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}

package dev.flujo.pipeline.orchestrator;

import java.time.Duration;

/** A wall clock that a test sets. */
final class SettableClock implements WallClock {

    private Duration ahead = Duration.ZERO;

    void set(Duration by) {
        ahead = ahead.plus(by);
    }

    @Override
    public Duration ahead() {
        return ahead;
    }

    @Override
    public String life() {
        return "test";
    }
}

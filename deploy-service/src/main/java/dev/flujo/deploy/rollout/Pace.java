package dev.flujo.deploy.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The time that rollouts go by, and how they wait for something to become different. */
interface Pace {

    Duration LOOK_EVERY = Duration.ofMillis(100);

    Instant now();

    /** Waits a moment before the next look. */
    void pause() throws InterruptedException;

    /** By the clock of this machine. */
    Pace REAL = new Pace() {

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        }
    };
}

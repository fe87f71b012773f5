package dev.flujo.deploy.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The time that rollouts go by, and how they wait for something to become different. */
interface Pace {

    Duration LOOK_EVERY = Duration.ofMillis(100);

    Instant now();

    /** Waits a moment before the next look, or until somebody has said something. */
    void pause(Semaphore said) throws InterruptedException;

    /** By the clock of this machine. */
    Pace REAL = new Pace() {

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Semaphore said) throws InterruptedException {
            boolean unused = said.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
    };
}

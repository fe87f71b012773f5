package dev.flujo.pipeline.forge;

import java.time.Duration;

/** Something was told after the forge had not answered to something older, which may still arrive: it has to be told again. */
final class ToldInDoubt extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration pause;

    ToldInDoubt(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    /** How long to wait for what may still arrive. */
    Duration pause() {
        return pause;
    }
}

package dev.flujo.pipeline.forge;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;

/** A forge does not answer, or asks for patience. */
public final class ForgeAway extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> patience;

    ForgeAway(String message, Optional<Duration> patience, Throwable cause) {
        super(message, cause);
        this.patience = patience;
    }

    /** Whether it may have taken what it was told, without answering, or may still take it. */
    boolean inDoubt() {
        return getCause() instanceof IOException && !(getCause() instanceof ConnectException);
    }

    /** How long it wants to be left alone, if it says so. */
    Optional<Duration> patience() {
        return patience == null ? Optional.empty() : patience;
    }
}

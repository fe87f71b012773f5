package dev.flujo.deploy;

import java.time.Instant;

/** The new version will not serve, as was settled at that moment; what served before serves on. */
public final class NotApplied extends Exception {

    private final transient Instant at;

    public NotApplied(String reason, Instant at) {
        super(reason);
        this.at = at;
    }

    public Instant at() {
        return at;
    }
}

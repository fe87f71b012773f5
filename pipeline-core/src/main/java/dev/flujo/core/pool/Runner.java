package dev.flujo.core.pool;

import java.time.Instant;
import java.util.Objects;

/** A runner as its pool sees it: how many attempts it takes at once, and when it was last heard of. */
public record Runner(String id, int slots, boolean draining, Instant lastSeen) {

    public Runner {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(lastSeen, "lastSeen");
    }

    Runner seen(Instant now) {
        return new Runner(id, slots, draining, now);
    }
}

package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;

/**
 * Why a run exists: the kind of trigger, who stands behind it, the id of the event or request that asked for it, and
 * when Flujo received that.
 */
public record Cause(Kind kind, String by, String id, Instant receivedAt) {

    /** The kinds of trigger. */
    public enum Kind {
        PUSH,
        PULL_REQUEST,
        TAG,
        SCHEDULE,
        MANUAL,
        API,
        KAFKA,
        UPSTREAM,
        DEPLOYMENT
    }

    public Cause {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(receivedAt, "receivedAt");
    }
}

package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Why a run exists: the kind of trigger, who stands behind it, the id of the event or request that asked for it (of the run
 * that is done again), and when Flujo received that.
 *
 * @param since when Flujo first heard of what the run works on, where that was before: it says which of two runs is older
 */
public record Cause(Kind kind, String by, String id, Instant receivedAt, Optional<Instant> since) {

    /** The kinds of trigger, and that somebody wants a run again. */
    public enum Kind {
        PUSH,
        PULL_REQUEST,
        TAG,
        SCHEDULE,
        MANUAL,
        API,
        KAFKA,
        UPSTREAM,
        DEPLOYMENT,
        RERUN
    }

    public Cause {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(receivedAt, "receivedAt");
        since = since == null ? Optional.empty() : since;
    }

    public Cause(Kind kind, String by, String id, Instant receivedAt) {
        this(kind, by, id, receivedAt, Optional.empty());
    }

    /** How old what the run works on is. */
    public Instant age() {
        return since.orElse(receivedAt);
    }

    /** The same cause, of something that Flujo has known since then. */
    public Cause since(Instant first) {
        return new Cause(kind, by, id, receivedAt, Optional.of(first));
    }
}

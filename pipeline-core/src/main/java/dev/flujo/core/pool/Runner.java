package dev.flujo.core.pool;

import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/** A runner as its pool sees it: how many attempts it takes at once, what it can, and when it was last heard of. */
public record Runner(String id, int slots, Set<String> labels, boolean draining, Instant lastSeen) {

    public Runner {
        Objects.requireNonNull(id, "id");
        labels = labels == null ? Set.of() : Set.copyOf(labels);
        Objects.requireNonNull(lastSeen, "lastSeen");
    }

    boolean has(Collection<String> wanted) {
        return labels.containsAll(wanted);
    }

    Runner seen(Instant now) {
        return new Runner(id, slots, labels, draining, now);
    }
}

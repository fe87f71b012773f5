package dev.flujo.event;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What wants or holds a lock: an attempt of a job, or a run as a whole. */
public record Claim(UUID run, Optional<Attempt> attempt) {

    public Claim {
        Objects.requireNonNull(run, "run");
        attempt = attempt == null ? Optional.empty() : attempt;
    }

    /** That of a run as a whole. */
    public static Claim of(UUID run) {
        return new Claim(run, Optional.empty());
    }

    public static Claim of(Attempt attempt) {
        return new Claim(attempt.run(), Optional.of(attempt));
    }

    /** The id of the attempt or run. */
    public String id() {
        return attempt.map(Attempt::id).orElseGet(run::toString);
    }
}

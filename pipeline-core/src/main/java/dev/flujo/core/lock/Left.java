package dev.flujo.core.lock;

import dev.flujo.event.Claim;
import java.time.Instant;
import java.util.Objects;

/** The newest that anybody has left in an environment: how old it is, and who left it. */
public record Left(Instant age, Claim by) {

    public Left {
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(by, "by");
    }
}

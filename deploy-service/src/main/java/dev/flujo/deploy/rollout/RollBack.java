package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Environment;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** That an earlier deployment is to serve again in the place of what serves; by its id the same wish is known again. */
public record RollBack(
        UUID id, Environment environment, UUID to, UUID undone, String by, Optional<String> reason, Instant at) {

    public RollBack {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(undone, "undone");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        reason = reason == null ? Optional.empty() : reason;
    }
}

package dev.flujo.deploy.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** An environment was taken down at that moment. */
public record TakenDown(Instant at, Optional<UUID> served) {

    public TakenDown {
        served = served == null ? Optional.empty() : served;
    }
}

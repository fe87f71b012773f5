package dev.flujo.deploy.rollout;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What is settled when a rollout begins: which one of its environment it is, and what served before. */
record Begun(long fence, Instant at, Optional<UUID> before) {

    Begun {
        before = before == null ? Optional.empty() : before;
    }
}

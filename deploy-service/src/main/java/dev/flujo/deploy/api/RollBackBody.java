package dev.flujo.deploy.api;

import java.util.Optional;
import java.util.UUID;

/** Which deployment is to serve again, the one before where nothing is said, and why. */
public record RollBackBody(Optional<UUID> to, Optional<String> reason) {

    public RollBackBody {
        to = to == null ? Optional.empty() : to;
        reason = reason == null ? Optional.empty() : reason;
    }
}

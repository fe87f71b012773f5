package dev.flujo.metrics;

import dev.flujo.event.Revision;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** A version that serves, or served, in an environment. */
public record Deployment(
        UUID id,
        String pipeline,
        String environment,
        UUID run,
        Instant servingSince,
        Revision revision,
        String artifact,
        String eventId,
        UUID chainId) {

    public Deployment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(servingSince, "servingSince");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(chainId, "chainId");
    }
}

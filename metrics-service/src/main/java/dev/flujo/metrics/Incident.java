package dev.flujo.metrics;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Something wrong in an environment, as another tool reports it: what it says about its deployment and artifact, and how it
 * was resolved.
 */
public record Incident(
        String id,
        String environment,
        Instant detectedAt,
        String eventId,
        UUID chainId,
        Optional<String> deployment,
        Optional<String> artifact,
        Optional<Resolution> resolution) {

    /** The end of an incident, with the deployment that brought it where that is said. */
    public record Resolution(Instant at, String eventId, Optional<String> deployment) {

        public Resolution {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(eventId, "eventId");
            Objects.requireNonNull(deployment, "deployment");
        }
    }

    public Incident {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(detectedAt, "detectedAt");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(chainId, "chainId");
        Objects.requireNonNull(deployment, "deployment");
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(resolution, "resolution");
    }
}

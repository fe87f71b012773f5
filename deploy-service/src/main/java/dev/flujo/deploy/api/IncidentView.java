package dev.flujo.deploy.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flujo.deploy.Incidents.Incident;
import java.time.Instant;
import java.util.UUID;

/** An incident, and the deployment that it followed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IncidentView(
        String incident, Instant detectedAt, Instant resolvedAt, String description, UUID deployment, String ticket) {

    static IncidentView of(Incident incident) {
        return new IncidentView(
                incident.id(),
                incident.detectedAt().orElse(null),
                incident.resolvedAt().orElse(null),
                incident.description().orElse(null),
                incident.deployment().orElse(null),
                incident.ticket().orElse(null));
    }
}

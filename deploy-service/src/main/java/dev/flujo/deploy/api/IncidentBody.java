package dev.flujo.deploy.api;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What somebody reports of an incident.
 *
 * @param incident its id at whoever reports it
 * @param state {@code detected} or {@code resolved}
 * @param at when that was; now where nothing is said
 * @param deployment the one that brought it, or its end; else it is tied to the one before it
 */
public record IncidentBody(
        String project,
        String environment,
        String incident,
        String state,
        Optional<String> description,
        Optional<Instant> at,
        Optional<UUID> deployment) {

    public IncidentBody {
        description = description == null ? Optional.empty() : description;
        at = at == null ? Optional.empty() : at;
        deployment = deployment == null ? Optional.empty() : deployment;
    }
}

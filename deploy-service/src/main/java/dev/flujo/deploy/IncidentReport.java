package dev.flujo.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.deploy.History.Place;
import dev.flujo.deploy.Incidents.Incident;
import dev.flujo.event.CdEvent;
import dev.flujo.event.Envelope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What an event of CDEvents' subject incident says, whichever tool wrote it. */
public record IncidentReport(Environment environment, Incident incident) {

    private static final String TYPES = "dev.cdevents.incident.";
    private static final int LOOKED_AT = 100;

    /** What the event says; nothing if it is of something else, or names no environment. */
    public static Optional<IncidentReport> of(String project, Envelope envelope, History history) {
        if (!(envelope.event() instanceof CdEvent event) || !event.type().startsWith(TYPES)) {
            return Optional.empty();
        }
        return environment(event).map(name -> {
            Environment environment = new Environment(project, name);
            boolean resolved = event.type().startsWith(TYPES + "resolved.");
            boolean detected = event.type().startsWith(TYPES + "detected.");
            Optional<UUID> cause =
                    resolved ? Optional.empty() : named(event).or(() -> before(environment, envelope.time(), history));
            return new IncidentReport(
                    environment,
                    new Incident(
                            event.subject(),
                            detected ? Optional.of(envelope.time()) : Optional.empty(),
                            resolved ? Optional.of(envelope.time()) : Optional.empty(),
                            text(event.content().path("description")),
                            cause,
                            text(event.content().path("ticketURI"))));
        });
    }

    /** The environment's name; other tools may write it as {@code project/environment}. */
    public static Optional<String> environment(CdEvent event) {
        return text(event.content().path("environment").path("id"))
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .filter(name -> !name.isEmpty());
    }

    /** The newest deployment that served in the environment at that moment. */
    public static Optional<UUID> before(Environment environment, Instant at, History history) {
        List<History.Entry> entries = history.entries(
                environment.project(), environment.name(), new Place(at.plusMillis(1), new UUID(0, 0)), LOOKED_AT);
        return entries.stream()
                .filter(entry -> !entry.state().equals("FAILED"))
                .map(History.Entry::deployment)
                .findFirst();
    }

    private static Optional<UUID> named(CdEvent event) {
        try {
            return event.customData()
                    .flatMap(data -> text(data.path("deployment")))
                    .map(UUID::fromString);
        } catch (IllegalArgumentException noId) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue());
    }
}

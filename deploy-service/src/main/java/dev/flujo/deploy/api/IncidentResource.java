package dev.flujo.deploy.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.deploy.History;
import dev.flujo.deploy.IncidentReport;
import dev.flujo.deploy.Incidents.Incident;
import dev.flujo.event.CdEvent;
import dev.flujo.event.Decoded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What goes wrong in environments: reported as events like those that other tools write to Kafka themselves. */
@Path("/api/v1/incidents")
@Produces(MediaType.APPLICATION_JSON)
public class IncidentResource {

    private static final URI SOURCE = URI.create("/flujo/deploy-service");
    private static final String TYPES = "dev.cdevents.incident.";
    private static final String VERSION = ".0.3.0";
    private static final Pattern ID = Pattern.compile("[\\p{Graph}&&\\p{ASCII}][ -~]{0,199}");
    private static final int LONGEST_DESCRIPTION = 2000;

    /** Clocks of two machines differ. */
    private static final int FUTURE_SECONDS = 300;

    private final EventPublisher publisher;
    private final EventCodec codec;
    private final ObjectMapper json;
    private final History history;

    IncidentResource(EventPublisher publisher, EventCodec codec, ObjectMapper json, History history) {
        this.publisher = publisher;
        this.codec = codec;
        this.json = json;
        this.history = history;
    }

    /** An event with the project under which it is written. */
    private record Report(String project, Envelope envelope) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("write")
    @Operation(
            summary = "Report that an incident was detected, reported or resolved",
            description = "A body of CDEvents' (incident.detected, incident.reported, incident.resolved, with the"
                    + " environment as 'project/environment'), or project, environment, incident, and state"
                    + " 'detected' or 'resolved'. Answers 202 once the event is written; the same report again is the"
                    + " same event.")
    public Response report(JsonNode body) throws JsonProcessingException {
        if (body == null || !body.isObject()) {
            throw invalid("Expected an incident as a JSON object, but there is none");
        }
        Report report = body.has("context") ? cdEvent(body) : plain(json.treeToValue(body, IncidentBody.class));
        if (report.envelope().time().isAfter(Instant.now().plusSeconds(FUTURE_SECONDS))) {
            throw invalid("Expected the time of something that has happened, but "
                    + report.envelope().time() + " is to come");
        }
        publisher.publishAndAwait(Topic.DEPLOYS, report.project(), report.envelope());
        Incident incident = IncidentReport.of(report.project(), report.envelope(), history)
                .orElseThrow()
                .incident();
        return Response.accepted(IncidentView.of(incident)).build();
    }

    private Report cdEvent(JsonNode body) {
        Decoded decoded = codec.decode(body);
        if (decoded instanceof Decoded.Malformed malformed) {
            throw invalid(malformed.reason());
        }
        if (!(decoded instanceof Decoded.Known known)
                || !(known.envelope().event() instanceof CdEvent event)
                || !event.type().startsWith(TYPES)) {
            throw invalid("Expected an event of type " + TYPES + "detected" + VERSION
                    + ", or reported or resolved, but it is another one");
        }
        String[] names = event.content().path("environment").path("id").asText().split("/", -1);
        if (names.length != 2 || !EnvironmentNames.isName(names[0]) || !EnvironmentNames.isName(names[1])) {
            throw invalid("Expected the environment as 'project/environment' in subject.content.environment.id, but"
                    + " it is not; name both");
        }
        checkId(event.subject());
        return new Report(names[0], known.envelope());
    }

    private Report plain(IncidentBody body) {
        if (body.project() == null
                || body.environment() == null
                || !EnvironmentNames.isName(body.project())
                || !EnvironmentNames.isName(body.environment())) {
            throw invalid("Expected the names of a project and an environment in 'project' and 'environment', but one"
                    + " is missing or none");
        }
        if (body.state() == null || !List.of("detected", "resolved").contains(body.state())) {
            throw invalid("Expected 'detected' or 'resolved' as 'state', but it is neither");
        }
        checkId(body.incident());
        if (body.description()
                .filter(text -> text.length() > LONGEST_DESCRIPTION)
                .isPresent()) {
            throw invalid("Expected a description of at most " + LONGEST_DESCRIPTION + " characters, but it is longer");
        }
        ObjectNode content = json.createObjectNode();
        body.description().ifPresent(text -> content.put("description", text.replaceAll("\\p{Cntrl}", " ")));
        content.putObject("environment").put("id", body.environment());
        content.putObject("service").put("id", body.project() + "/" + body.environment());
        Optional<JsonNode> custom =
                body.deployment().map(deployment -> json.createObjectNode().put("deployment", deployment.toString()));
        CdEvent event = new CdEvent(TYPES + body.state() + VERSION, body.incident(), content, custom);
        UUID id = DerivedId.of("incident", body.project(), body.environment(), body.incident(), body.state());
        UUID chain = DerivedId.of("incident", body.project(), body.incident());
        return new Report(
                body.project(), Envelope.of(id.toString(), SOURCE, body.at().orElseGet(Instant::now), chain, event));
    }

    private static void checkId(String id) {
        if (id == null || !ID.matcher(id).matches()) {
            throw invalid("Expected the id of an incident, at most 200 visible ASCII characters, but it is none");
        }
    }

    private static Problem invalid(String detail) {
        return new Problem(CommonProblem.INVALID, detail);
    }
}

package dev.flujo.pipeline.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.api.ApiProblem;
import dev.flujo.pipeline.api.Inputs;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Webhooks in GitHub's format. The signature over the raw bytes is checked before anything of them is read; the event's id
 * follows from the delivery's, so the same delivery twice is one event.
 */
@Path("/api/v1/webhooks/github/{project}")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
@Tag(name = "webhooks")
public class GithubResource {

    /** GitHub sends at most this much. */
    private static final int MOST_BYTES = 25 * 1024 * 1024 - 1024;

    /** Of a message or a name no more is kept. */
    private static final int MOST_TEXT = 4_000;

    private static final URI SOURCE = URI.create("/flujo/webhooks/github");
    private static final String HEADS = "refs/heads/";

    private final WebhookSecrets secrets;
    private final EventPublisher publisher;
    private final ObjectMapper json;
    private final MeterRegistry meters;
    private final Clock clock;

    GithubResource(
            WebhookSecrets secrets, EventPublisher publisher, ObjectMapper json, MeterRegistry meters, Clock clock) {
        this.secrets = secrets;
        this.publisher = publisher;
        this.json = json;
        this.meters = meters;
        this.clock = clock;
    }

    @POST
    @Operation(
            summary = "Deliver a webhook in GitHub's format",
            description = "Signed with X-Hub-Signature-256. A push to a branch answers 202 once it is on the log.")
    public Response deliver(
            @PathParam("project") String project,
            @HeaderParam("X-Hub-Signature-256") String signature,
            @HeaderParam("X-GitHub-Event") String event,
            @HeaderParam("X-GitHub-Delivery") String delivery,
            InputStream body) {
        WebhookSecrets.Check check = secrets.check(signature);
        if (!check.possible()) {
            throw unsigned();
        }
        try (Delivery read = Delivery.read(body, MOST_BYTES, check)) {
            return checked(project, event, delivery, read, check);
        }
    }

    private Response checked(String project, String event, String delivery, Delivery body, WebhookSecrets.Check check) {
        if (!check.passes()) {
            throw unsigned();
        }
        Inputs.name("project", project);
        if ("ping".equals(event)) {
            return Response.ok(Map.of("result", "pong")).build();
        }
        if (!"push".equals(event)) {
            return ignored("events of type " + event);
        }
        JsonNode payload = PushPayload.read(body, json);
        String ref = text(payload, "ref");
        if (!ref.startsWith(HEADS)
                || payload.path("deleted").asBoolean(false)
                || text(payload, "after").matches("0+")) {
            return ignored("pushes that leave no branch behind");
        }
        if (delivery == null || delivery.isBlank()) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected the header X-GitHub-Delivery with the id of the delivery, but it is missing");
        }
        return pushed(project, delivery, payload, ref.substring(HEADS.length()));
    }

    private static Problem unsigned() {
        return new Problem(
                ApiProblem.SIGNATURE_INVALID,
                "Expected X-Hub-Signature-256 with the HMAC-SHA256 of the body by a secret known here, but it is not"
                        + " that; compare the secret of the webhook with Flujo's");
    }

    private Response pushed(String project, String delivery, JsonNode payload, String branch) {
        String commit = Inputs.commit(text(payload, "after"));
        JsonNode head = payload.path("head_commit");
        UUID id = DerivedId.of("github", project, delivery);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        CommitPushed push = new CommitPushed(
                project,
                Inputs.branch(branch),
                commit,
                optional(head, "message").map(GithubResource::shortened),
                optional(head.path("author"), "name").map(GithubResource::shortened),
                optional(head, "timestamp").flatMap(GithubResource::time),
                optional(payload.path("pusher"), "name").orElse("github"),
                now);
        publisher.publishAndAwait(Topic.COMMITS, Envelope.of(id.toString(), SOURCE, now, id, push));
        return Response.accepted(Map.of(
                        "result",
                        "accepted",
                        "event",
                        id.toString(),
                        "runs",
                        "/api/v1/runs?project=" + project + "&commit=" + commit))
                .build();
    }

    private Response ignored(String what) {
        meters.counter("flujo.webhooks.ignored").increment();
        return Response.accepted(Map.of("result", "ignored", "reason", what + " start nothing"))
                .build();
    }

    private static String text(JsonNode node, String field) {
        return optional(node, field)
                .orElseThrow(() -> new Problem(
                        CommonProblem.BAD_REQUEST,
                        "Expected the field '" + field + "' of a push, but it is missing or no text"));
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return Optional.of(node.path(field)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    private static String shortened(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

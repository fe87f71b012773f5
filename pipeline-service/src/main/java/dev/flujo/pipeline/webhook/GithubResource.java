package dev.flujo.pipeline.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.CommitEvent;
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
import java.time.Instant;
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

    private static final URI SOURCE = URI.create("/flujo/webhooks/github");

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
            description =
                    "Signed with X-Hub-Signature-256. Pushes of branches and tags and pull requests answer 202 once they are"
                            + " on the log.")
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
        boolean push = "push".equals(event);
        if (!push && !"pull_request".equals(event)) {
            return ignored("events of type " + event);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        JsonNode payload = PushPayload.read(body, json);
        Optional<CommitEvent> happened =
                push ? GithubEvents.push(project, payload, now) : GithubEvents.pullRequest(project, payload, now);
        if (happened.isEmpty()) {
            return ignored(push ? "pushes that leave no branch behind" : "such things that happen to pull requests");
        }
        if (delivery == null || delivery.isBlank()) {
            throw new Problem(
                    CommonProblem.BAD_REQUEST,
                    "Expected the header X-GitHub-Delivery with the id of the delivery, but it is missing");
        }
        return accept(project, delivery, happened.get(), now);
    }

    private static Problem unsigned() {
        return new Problem(
                ApiProblem.SIGNATURE_INVALID,
                "Expected X-Hub-Signature-256 with the HMAC-SHA256 of the body by a secret known here, but it is not"
                        + " that; compare the secret of the webhook with Flujo's");
    }

    private Response accept(String project, String delivery, CommitEvent event, Instant now) {
        UUID id = DerivedId.of("github", project, delivery);
        publisher.publishAndAwait(Topic.COMMITS, Envelope.of(id.toString(), SOURCE, now, id, event));
        return Response.accepted(Map.of(
                        "result",
                        "accepted",
                        "event",
                        id.toString(),
                        "runs",
                        "/api/v1/runs?project=" + project + "&commit=" + event.commit()))
                .build();
    }

    private Response ignored(String what) {
        meters.counter("flujo.webhooks.ignored").increment();
        return Response.accepted(Map.of("result", "ignored", "reason", what + " start nothing"))
                .build();
    }
}

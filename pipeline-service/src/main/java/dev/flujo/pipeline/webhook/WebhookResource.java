package dev.flujo.pipeline.webhook;

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
import dev.flujo.pipeline.forge.Forges;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Webhooks of forges. What proves the sender is checked over the raw bytes before anything of them is read; an event's id
 * follows from the delivery's, so the same delivery twice is one event.
 */
@Path("/api/v1/webhooks/{forge}/{project}")
@Produces(MediaType.APPLICATION_JSON)
@PermitAll
@Tag(name = "webhooks")
public class WebhookResource {

    /** GitHub sends at most this much, the others less. */
    private static final int MOST_BYTES = 25 * 1024 * 1024 - 1024;

    private final WebhookSecrets secrets;
    private final CommentResponder comments;
    private final Forges forges;
    private final EventPublisher publisher;
    private final ObjectMapper json;
    private final MeterRegistry meters;
    private final Clock clock;

    WebhookResource(
            WebhookSecrets secrets,
            CommentResponder comments,
            Forges forges,
            EventPublisher publisher,
            ObjectMapper json,
            MeterRegistry meters,
            Clock clock) {
        this.secrets = secrets;
        this.comments = comments;
        this.forges = forges;
        this.publisher = publisher;
        this.json = json;
        this.meters = meters;
        this.clock = clock;
    }

    @POST
    @Operation(
            summary = "Deliver a webhook as a forge sends it",
            description =
                    "The forge is github, gitlab, gitea, forgejo, bitbucket (Cloud) or bitbucket-server (Data Center); what"
                            + " proves the sender and names the delivery are this forge's own headers. Pushes of branches and"
                            + " tags and pull or merge requests answer 202 once they are on the log. A comment on a request that"
                            + " is /retest, /cancel or /ok-to-test does that for those who may.")
    public Response deliver(
            @PathParam("forge") String forge,
            @PathParam("project") String project,
            @Context HttpHeaders sent,
            InputStream body) {
        WebhookFormat format = WebhookFormats.of(forge).orElseThrow(() -> unknown(forge));
        Headers headers =
                name -> Optional.ofNullable(sent.getHeaderString(name)).filter(text -> !text.isBlank());
        BodyCheck check = secrets.check(format.forge(), format.proof(headers));
        if (!check.possible()) {
            throw unsigned(format);
        }
        try (Delivery read = Delivery.read(body, MOST_BYTES, check)) {
            if (!check.passes()) {
                throw unsigned(format);
            }
            return proven(format, Inputs.name("project", project), headers, read);
        }
    }

    private Response proven(WebhookFormat format, String project, Headers headers, Delivery body) {
        Optional<String> event = format.event(headers);
        if (event.filter(format::ping).isPresent()) {
            return Response.ok(Map.of("result", "pong")).build();
        }
        Optional<WantedFields> wanted = event.flatMap(format::wanted);
        if (wanted.isEmpty()) {
            return ignored(
                    event.map(name -> "events of type " + Inputs.shown(name)).orElse("events without a type"));
        }
        Scene scene = new Scene(
                project,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                commit -> forges.whole(format.forge(), project, commit));
        Heard heard = format.hear(event.get(), Payload.read(body, json, wanted.get()), scene);
        if (heard instanceof Heard.Ignored nothing) {
            return ignored(nothing.what());
        }
        String delivery = format.delivery(headers)
                .orElseThrow(() -> new Problem(
                        CommonProblem.BAD_REQUEST,
                        "Expected the header " + format.deliveryHeader()
                                + " with the id of the delivery, but it is missing"));
        if (heard instanceof Heard.Happened happened) {
            return accept(format, happened, delivery, scene);
        }
        if (heard instanceof Heard.Commented commented) {
            return comments.respond(format.forge(), project, delivery, commented.comment())
                    .map(answer -> Response.accepted(answer).build())
                    .orElseGet(() -> ignored("comments without a command"));
        }
        throw new AssertionError("unhandled " + heard);
    }

    private Response accept(WebhookFormat format, Heard.Happened happened, String delivery, Scene scene) {
        URI source = URI.create("/flujo/webhooks/" + format.forge());
        UUID chain =
                DerivedId.of(format.forge(), scene.project(), happened.same().orElse(delivery));
        List<String> ids = new ArrayList<>();
        for (CommitEvent event : happened.events()) {
            // One delivery may tell of several branches.
            UUID id = ids.isEmpty() ? chain : DerivedId.of(chain.toString(), Integer.toString(ids.size()));
            publisher.publishAndAwait(Topic.COMMITS, Envelope.of(id.toString(), source, scene.now(), chain, event));
            ids.add(id.toString());
        }
        CommitEvent first = happened.events().get(0);
        return Response.accepted(Map.of(
                        "result",
                        "accepted",
                        "events",
                        ids,
                        "runs",
                        "/api/v1/runs?project=" + scene.project() + "&commit=" + first.commit()))
                .build();
    }

    private Response ignored(String what) {
        meters.counter("flujo.webhooks.ignored").increment();
        return Response.accepted(Map.of("result", "ignored", "reason", what + " start nothing"))
                .build();
    }

    private static Problem unknown(String forge) {
        return new Problem(
                CommonProblem.NOT_FOUND,
                "Expected one of "
                        + WebhookFormats.ALL.stream().map(WebhookFormat::forge).collect(Collectors.joining(", "))
                        + " in the path, but it is '" + Inputs.shown(forge) + "'");
    }

    private static Problem unsigned(WebhookFormat format) {
        return new Problem(
                ApiProblem.SIGNATURE_INVALID,
                "Expected " + format.proven() + ", but it is not that; compare the secret of the webhook with Flujo's");
    }
}

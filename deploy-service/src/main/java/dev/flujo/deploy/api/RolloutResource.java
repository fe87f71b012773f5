package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.Answer;
import dev.flujo.deploy.rollout.Ongoing;
import dev.flujo.deploy.rollout.RollBack;
import dev.flujo.event.DerivedId;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What is on its way in an environment, and what people say to it: promote, abort, roll back. */
@Path("/api/v1/environments/{project}/{environment}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class RolloutResource {

    /** In whose name the pipeline-service asks, which has checked that. */
    static final String BY = "Flujo-By";

    private static final String KEY = "Idempotency-Key";
    private static final int LONGEST_REASON = 500;

    private final DeployService service;
    private final SecurityIdentity identity;

    RolloutResource(DeployService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @GET
    @Path("rollout")
    @Operation(summary = "The rollout that is on its way: its stage, its share of the traffic, what a person is asked")
    public RolloutView rollout(@PathParam("project") String project, @PathParam("environment") String environment) {
        return RolloutView.of(ongoing(EnvironmentNames.checked(project, environment)));
    }

    @POST
    @Path("rollout")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("write")
    @Operation(summary = "Promote a stage of a rollout, or abort the rollout; what was said of a stage first holds")
    public Response answer(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @HeaderParam(BY) String by,
            AnswerBody body)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        if (body == null || body.deployment() == null || body.stage() == null || body.promote() == null) {
            throw new Problem(
                    CommonProblem.INVALID,
                    "Expected 'deployment', 'stage' and 'promote' (true or false), but one is missing; GET this"
                            + " address for the first two");
        }
        Answer said = new Answer(body.promote(), by(by), Instant.now(), reason(body.reason()));
        Answer first = service.rollouts()
                .answer(place, body.deployment(), body.stage(), said)
                .orElseThrow(() -> new Problem(
                        DeployProblem.NO_ROLLOUT,
                        "Expected deployment " + body.deployment() + " in stage " + body.stage()
                                + ", but it is not; ask again what is on its way"));
        if (first.goOn() != said.goOn()) {
            throw new Problem(
                    DeployProblem.ANSWERED,
                    "Expected a stage that nobody has answered, but it was " + (first.goOn() ? "promoted" : "aborted")
                            + " by " + first.by());
        }
        return Response.accepted().build();
    }

    @POST
    @Path("rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("write")
    @Operation(
            summary = "Bring the version before back, or an earlier one; a rollout on its way is aborted instead",
            description = "What is undone does not come back by itself: the same release is refused until another one"
                    + " has served, or somebody rolls back to it. Answers 202 once it is noted durably; the same"
                    + " Idempotency-Key again is the same rollback.")
    public Response rollBack(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @HeaderParam(BY) String by,
            @HeaderParam(KEY) String key,
            RollBackBody given)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        RollBackBody body = given == null ? new RollBackBody(Optional.empty(), Optional.empty()) : given;
        Optional<Ongoing> ongoing = service.rollouts().ongoing(place);
        if (ongoing.isPresent() && body.to().isEmpty()) {
            return aborted(place, ongoing.get(), new Answer(false, by(by), Instant.now(), reason(body.reason())));
        }
        Serving serving = service.target()
                .serving(place)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND, "Expected an environment where something serves, but nothing does"));
        UUID id = key == null ? UUID.randomUUID() : DerivedId.of("rollback", project, environment, key);
        UUID to = body.to().or(serving::previous).orElseThrow(RolloutResource::nothingBefore);
        if (!service.rollouts().hasServed(place, to)
                || service.rollouts().work(place, to).isEmpty()
                || to.equals(serving.deployment())) {
            throw nothingBefore();
        }
        service.rollBack(
                new RollBack(id, place, to, serving.deployment(), by(by), reason(body.reason()), Instant.now()));
        return Response.accepted(new RollBackView(id, to, serving.deployment(), null))
                .build();
    }

    private Response aborted(Environment place, Ongoing ongoing, Answer abort) throws IOException {
        Optional<Answer> first = service.rollouts().answer(place, ongoing.deployment(), ongoing.stage(), abort);
        if (first.filter(answer -> !answer.goOn()).isEmpty()) {
            throw new Problem(
                    DeployProblem.NO_ROLLOUT,
                    "Expected a rollout that can be aborted, but it is just going on to its next stage; ask again");
        }
        return Response.accepted(new RollBackView(null, ongoing.before().orElse(null), null, ongoing.deployment()))
                .build();
    }

    private Ongoing ongoing(Environment place) {
        return service.rollouts()
                .ongoing(place)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND, "Expected a rollout that is on its way, but there is none"));
    }

    private String by(String header) {
        return header == null || header.isBlank() ? identity.getPrincipal().getName() : header;
    }

    private static Optional<String> reason(Optional<String> text) {
        if (text.filter(given -> given.length() > LONGEST_REASON).isPresent()) {
            throw new Problem(
                    CommonProblem.INVALID,
                    "Expected a reason of at most " + LONGEST_REASON + " characters, but it is longer; shorten it");
        }
        return text.map(given -> given.replaceAll("\\p{Cntrl}", " "));
    }

    private static Problem nothingBefore() {
        return new Problem(
                DeployProblem.NOTHING_BEFORE,
                "Expected an earlier deployment that has served here, but there is none; see the history of the"
                        + " environment for those that have");
    }
}

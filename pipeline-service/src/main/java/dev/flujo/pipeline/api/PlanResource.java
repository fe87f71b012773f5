package dev.flujo.pipeline.api;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.trigger.EventWords;
import dev.flujo.core.trigger.Forecast;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.ProjectHistory;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.token.Scope;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Foresees what a pipeline would do, before anybody submits it. */
@Path("/api/v1/plan")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "pipelines")
public class PlanResource {

    private static final int USUAL_DAYS = 7;
    private static final int MOST_DAYS = 14;

    private final Pipelines pipelines;
    private final KnownTemplates known;
    private final ProjectHistory history;
    private final SecurityIdentity identity;

    PlanResource(Pipelines pipelines, KnownTemplates known, ProjectHistory history, SecurityIdentity identity) {
        this.pipelines = pipelines;
        this.known = known;
        this.history = history;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Foresee what events would start, and which jobs would run or be skipped, and why",
            description =
                    "For `event`, whose `kind` and other fields are those of expressions; without it for the newest 500 events"
                            + " of the last `days` (7, at most 14): what happened to the project's repository; and where the"
                            + " pipeline takes them, deployments, requests for a pipeline of this name, ends of the runs that"
                            + " it waits for, times of its schedules, and records of its topics (for those who may write)."
                            + " `unseen` says what could not be looked at, and why. A file that is wrong is a 422 with all its"
                            + " errors.")
    public PlanView foresee(PlanBody body) {
        Bodies.present(body);
        body.project().ifPresent(project -> Inputs.name("project", project));
        Plan plan = plan(body);
        if (body.event().isPresent()) {
            TriggerEvent event = event(body.event().get());
            Forecast forecast = Forecast.of(plan, body.project().orElse(""), event, body.inputs());
            return new PlanView(plan.name(), List.of(PlanView.of(event, Optional.empty(), forecast)), true, List.of());
        }
        String project = body.project()
                .orElseThrow(() -> Inputs.invalid(
                        "Expected an 'event', or a 'project' whose last events count, but there is neither; name one"));
        int days = body.days().orElse(USUAL_DAYS);
        if (days < 1 || days > MOST_DAYS) {
            throw Inputs.invalid("Expected 'days' from 1 to " + MOST_DAYS + ", but it is " + days);
        }
        ProjectHistory.Part found = history.of(project, plan, Duration.ofDays(days), identity.hasRole(Scope.WRITE));
        return new PlanView(
                plan.name(),
                found.events().stream()
                        .map(past -> PlanView.of(
                                past.event(),
                                Optional.of(past.at()),
                                Forecast.of(plan, project, past.event(), past.inputs())))
                        .toList(),
                found.complete(),
                found.unseen());
    }

    private Plan plan(PlanBody body) {
        if (body.source().isPresent()) {
            return PipelineDefinitions.plan(PlanReader.read(
                    body.source().get(), known.with(body.source().get(), body.templates())));
        }
        String project = body.project().orElseThrow(PlanResource::nothing);
        String pipeline = Inputs.name("pipeline", body.pipeline().orElseThrow(PlanResource::nothing));
        return pipelines
                .find(project, pipeline)
                .flatMap(current -> pipelines.version(project, pipeline, current.version()))
                .map(version -> PipelineDefinitions.plan(PlanReader.read(version.source(), version.templates())))
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a pipeline that has been submitted, but project " + project + " has no '" + pipeline
                                + "'"));
    }

    private static Problem nothing() {
        return Inputs.invalid(
                "Expected the text of a pipeline file in 'source', or a 'project' and its 'pipeline', but there is neither");
    }

    private static TriggerEvent event(Map<String, Object> fields) {
        try {
            return EventWords.event(fields);
        } catch (EventWords.Refused e) {
            throw Inputs.invalid(e.getMessage());
        }
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The place where runs of a pipeline are asked for. */
@Path("/api/v1/projects/{project}/pipelines/{pipeline}/runs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class RunStartResource {

    private final RunStarts starts;

    RunStartResource(RunStarts starts) {
        this.starts = starts;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Start a run",
            description =
                    "Answers 202 once the request is safely on the log. The same Idempotency-Key with the same body"
                            + " is the same run, however often it is sent; with another body it is a 409.")
    public Response start(
            @PathParam("project") String project,
            @PathParam("pipeline") String pipeline,
            @HeaderParam("Idempotency-Key") String key,
            StartRunBody body) {
        Bodies.present(body);
        RunRow run = starts.start(new RunStarts.Request(
                Inputs.name("project", project),
                Inputs.name("pipeline", pipeline),
                Inputs.branch(body.branch()),
                body.commit().map(Inputs::commit),
                Optional.ofNullable(key).map(Inputs::idempotencyKey),
                body.inputs(),
                body.payload()));
        return Response.accepted(RunView.of(run))
                .location(URI.create("/api/v1/runs/" + run.run()))
                .build();
    }
}

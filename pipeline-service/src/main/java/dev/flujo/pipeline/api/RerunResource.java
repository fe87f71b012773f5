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

/** The place where runs are asked for again. */
@Path("/api/v1/runs/{run}/rerun")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class RerunResource {

    private final RunReader reader;
    private final Reruns reruns;

    RerunResource(RunReader reader, Reruns reruns) {
        this.reader = reader;
        this.reruns = reruns;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Do a run that has ended again, as a new run",
            description =
                    "All of it, only what failed, or from a job on, with changed inputs: jobs that are not done again keep"
                            + " their outputs and artifacts. The new run has the plan and commit of the old one, and its cause"
                            + " is RERUN with the id of the old one. Answers 202 once the request is on the log; the same"
                            + " Idempotency-Key with the same body is the same run, with another body it is a 409.")
    public Response again(@PathParam("run") String id, @HeaderParam("Idempotency-Key") String key, RerunBody body) {
        RunRow old = reader.read(id);
        RunRow run = reruns.again(
                old,
                Optional.ofNullable(body).orElse(RerunBody.ALL),
                Optional.ofNullable(key).map(Inputs::idempotencyKey));
        return Response.accepted(RunView.of(run))
                .location(URI.create("/api/v1/runs/" + run.run()))
                .build();
    }
}

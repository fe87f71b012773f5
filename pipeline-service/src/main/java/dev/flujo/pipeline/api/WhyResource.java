package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The place that says why a run waits. */
@Path("/api/v1/runs/{run}/why")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class WhyResource {

    private final RunReader reader;
    private final Waits waits;

    WhyResource(RunReader reader, Waits waits) {
        this.reader = reader;
        this.waits = waits;
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(
            summary = "Why does it wait?",
            description =
                    "For the run, or for each of its jobs that waits: what it waits for in one sentence, where to look at"
                            + " that, and its place in the queue as it was a second or two ago.")
    public WhyView why(@PathParam("run") String id) {
        RunRow run = reader.read(id);
        return new WhyView(run.run(), run.state(), waits.of(run));
    }
}

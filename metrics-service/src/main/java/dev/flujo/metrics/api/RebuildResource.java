package dev.flujo.metrics.api;

import dev.flujo.kit.problem.Problem;
import dev.flujo.metrics.messaging.Rebuild;
import dev.flujo.metrics.messaging.RebuildStatus;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Computes everything again from the log. */
@Path("/api/v1/metrics/rebuild")
@Produces(MediaType.APPLICATION_JSON)
public class RebuildResource {

    private static final URI ADDRESS = URI.create("/api/v1/metrics/rebuild");

    private final Rebuild rebuild;

    RebuildResource(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    @POST
    @RolesAllowed("admin")
    @Operation(summary = "Empty the facts and read the log again from its start")
    public Response begin() {
        if (!rebuild.begin()) {
            throw new Problem(
                    MetricsProblem.REBUILD_RUNNING,
                    "Expected to begin a rebuild, but one is running; follow it at " + ADDRESS);
        }
        return Response.accepted(rebuild.status()).header("Location", ADDRESS).build();
    }

    @GET
    @RolesAllowed("read")
    @Operation(summary = "How far the last rebuild is")
    public RebuildStatus status() {
        return rebuild.status();
    }
}

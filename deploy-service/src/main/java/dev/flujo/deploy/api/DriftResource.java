package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What somebody else has changed in an environment. */
@Path("/api/v1/environments/{project}/{environment}/drift")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class DriftResource {

    private final DeployService service;

    DriftResource(DeployService service) {
        this.service = service;
    }

    @GET
    @Operation(summary = "The fields in which an environment is not as it was applied, and who has changed them")
    public DriftView drift(@PathParam("project") String project, @PathParam("environment") String environment)
            throws IOException {
        return DriftView.of(service.rollouts().drift(EnvironmentNames.checked(project, environment)));
    }
}

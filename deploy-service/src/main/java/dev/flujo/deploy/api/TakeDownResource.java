package dev.flujo.deploy.api;

import dev.flujo.deploy.DeployService;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.History;
import dev.flujo.deploy.History.Place;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.kit.problem.Problem;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The end of an environment by hand. */
@Path("/api/v1/environments/{project}/{environment}")
@Produces(MediaType.APPLICATION_JSON)
public class TakeDownResource {

    private final DeployService service;
    private final History history;
    private final SecurityIdentity identity;

    TakeDownResource(DeployService service, History history, SecurityIdentity identity) {
        this.service = service;
        this.history = history;
        this.identity = identity;
    }

    @DELETE
    @RolesAllowed("admin")
    @Operation(
            summary =
                    "Take an environment down: nothing of it is left on the target; its history, rules and settings stay",
            description =
                    "202 with the id of the take-down, which its history has when it is done; 204 where nothing is there"
                            + " any more. Refused while a deployment is on its way.")
    public Response takeDown(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @HeaderParam(RolloutResource.BY) String by)
            throws IOException {
        Environment place = EnvironmentNames.checked(project, environment);
        if (service.deploys(place)) {
            throw new Problem(
                    DeployProblem.DEPLOYING,
                    "Expected nothing on its way to '" + environment
                            + "', but a deployment is; abort it or wait until it has ended");
        }
        Optional<UUID> last = service.stays().last(place);
        if (last.isEmpty()) {
            last = service.target().serving(place).map(Serving::deployment);
        }
        if (last.isEmpty()) {
            if (history.entries(project, environment, Place.NEWEST, 1).isEmpty()) {
                throw EnvironmentNames.none(project, environment);
            }
            return Response.noContent().build();
        }
        String who = by == null || by.isBlank() ? identity.getPrincipal().getName() : by;
        TakeDown wish = TakeDown.of(place, last.get(), who, who + " took it down");
        service.takeDown(wish);
        return Response.accepted(new TakeDownView(wish.id())).build();
    }
}

package dev.flujo.deploy.api;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Incidents;
import dev.flujo.deploy.Incidents.Incident;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What went wrong in an environment. */
@Path("/api/v1/environments/{project}/{environment}/incidents")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("read")
public class EnvironmentIncidentsResource {

    private final Incidents incidents;

    EnvironmentIncidentsResource(Incidents incidents) {
        this.incidents = incidents;
    }

    @GET
    @Operation(summary = "The incidents of an environment by id, each with the deployment that it followed")
    public Page<IncidentView> all(
            @PathParam("project") String project,
            @PathParam("environment") String environment,
            @QueryParam("limit") @DefaultValue("50") String limit,
            @QueryParam("cursor") String cursor) {
        Environment place = EnvironmentNames.checked(project, environment);
        String list = "incidents/" + place;
        int most = Limit.of(limit);
        String after = Cursor.place(list, cursor, parts -> parts.get(0)).orElse("");
        List<Incident> found = incidents.incidents(place, after, most);
        return new Page<>(
                found.stream().map(IncidentView::of).toList(),
                found.size() < most
                        ? Optional.empty()
                        : Optional.of(Cursor.of(list, found.get(most - 1).id())));
    }
}

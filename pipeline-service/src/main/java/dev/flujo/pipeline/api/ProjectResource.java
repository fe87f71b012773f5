package dev.flujo.pipeline.api;

import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The projects that have pipelines. */
@Path("/api/v1/projects")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pipelines")
public class ProjectResource {

    private static final String LIST = "projects";

    private final Pipelines pipelines;

    /** A project. */
    public record ProjectView(String project) {}

    ProjectResource(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(summary = "List the projects, by name")
    public Page<ProjectView> list(@QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        int most = Inputs.limit(limit, 50);
        String after = Cursor.place(LIST, cursor, place -> place.get(0)).orElse("");
        List<String> names = pipelines.projects(after, most);
        return new Page<>(
                names.stream().map(ProjectView::new).toList(),
                names.size() < most ? Optional.empty() : Optional.of(Cursor.of(LIST, names.get(most - 1))));
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The pipelines of a project and their versions. */
@Path("/api/v1/projects/{project}/pipelines")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pipelines")
public class PipelineResource {

    static final int SOURCE_BYTES = 256 * 1024;

    /** Before the newest change. */
    private static final Pipelines.Change NEWEST =
            new Pipelines.Change(Instant.ofEpochMilli(Long.MAX_VALUE / 1000), "", "");

    private final PipelineDefinitions definitions;
    private final Pipelines pipelines;

    PipelineResource(PipelineDefinitions definitions, Pipelines pipelines) {
        this.definitions = definitions;
        this.pipelines = pipelines;
    }

    @PUT
    @Path("{pipeline}")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml"})
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Submit a pipeline file",
            description = "The file itself as body (at most 256 KB). Its version is derived from repository and source:"
                    + " the same again is the same version.")
    @RequestBody(
            content = @Content(mediaType = "application/yaml", schema = @Schema(type = SchemaType.STRING)),
            required = true)
    public Response submitFile(
            @PathParam("project") String project,
            @PathParam("pipeline") String pipeline,
            @QueryParam("repository") Optional<String> repository,
            InputStream file) {
        return submit(
                project, pipeline, PipelineDefinitions.text(Bodies.bytes(file, SOURCE_BYTES)), Map.of(), repository);
    }

    @PUT
    @Path("{pipeline}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(summary = "Submit a pipeline file and its repository as JSON")
    public Response submitJson(
            @PathParam("project") String project, @PathParam("pipeline") String pipeline, PipelineBody body) {
        Bodies.present(body);
        return submit(project, pipeline, Inputs.source(body.source()), body.templates(), body.repository());
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(summary = "List the pipelines of a project, by name")
    public Page<PipelineView> list(
            @PathParam("project") String project,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        Inputs.name("project", project);
        int most = Inputs.limit(limit, 50);
        String list = "pipelines/" + project;
        String after = Cursor.place(list, cursor, place -> place.get(0)).orElse("");
        List<PipelineView> views = pipelines.page(project, after, most).stream()
                .map(PipelineView::of)
                .toList();
        return new Page<>(
                views,
                views.size() < most
                        ? Optional.empty()
                        : Optional.of(Cursor.of(list, views.get(most - 1).pipeline())));
    }

    @GET
    @Path("{pipeline}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "Read a pipeline with the source of its current version")
    public PipelineView read(@PathParam("project") String project, @PathParam("pipeline") String pipeline) {
        Pipelines.Defined current = find(project, pipeline);
        return PipelineView.of(
                current, pipelines.version(project, pipeline, current.version()).map(Pipelines.Version::source));
    }

    @GET
    @Path("{pipeline}/versions")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "List when which version became the current one, newest first")
    public Page<Pipelines.Change> versions(
            @PathParam("project") String project,
            @PathParam("pipeline") String pipeline,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        find(project, pipeline);
        int most = Inputs.limit(limit, 50);
        String list = "versions/" + project + "/" + pipeline;
        Pipelines.Change from = Cursor.place(
                        list, cursor, place -> new Pipelines.Change(Instant.parse(place.get(0)), place.get(1), ""))
                .orElse(NEWEST);
        List<Pipelines.Change> changes = pipelines.history(project, pipeline, from.definedAt(), from.version(), most);
        return new Page<>(
                changes,
                changes.size() < most
                        ? Optional.empty()
                        : Optional.of(Cursor.of(
                                list,
                                changes.get(most - 1).definedAt().toString(),
                                changes.get(most - 1).version())));
    }

    @GET
    @Path("{pipeline}/versions/{version}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "Read one version with its source")
    public PipelineView readVersion(
            @PathParam("project") String project,
            @PathParam("pipeline") String pipeline,
            @PathParam("version") String version) {
        Inputs.name("project", project);
        Inputs.name("pipeline", pipeline);
        return pipelines
                .version(project, pipeline, version)
                .map(found -> PipelineView.of(found.defined(), Optional.of(found.source())))
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a version of pipeline " + pipeline + ", but there is no '" + Inputs.shown(version)
                                + "'"));
    }

    private Response submit(
            String project,
            String pipeline,
            String source,
            Map<String, String> templates,
            Optional<String> repository) {
        Inputs.name("project", project);
        Inputs.name("pipeline", pipeline);
        PipelineDefinitions.Taken taken =
                definitions.take(project, pipeline, source, templates, repository.filter(text -> !text.isEmpty()));
        PipelineDefined defined = taken.defined();
        URI location =
                URI.create("/api/v1/projects/" + project + "/pipelines/" + pipeline + "/versions/" + defined.version());
        return Response.status(taken.fresh() ? 201 : 200)
                .location(location)
                .entity(PipelineView.of(defined))
                .build();
    }

    private Pipelines.Defined find(String project, String pipeline) {
        Inputs.name("project", project);
        Inputs.name("pipeline", pipeline);
        return pipelines
                .find(project, pipeline)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a pipeline that has been submitted, but project " + project + " has no '" + pipeline
                                + "'"));
    }
}

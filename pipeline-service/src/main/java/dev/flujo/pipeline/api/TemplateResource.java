package dev.flujo.pipeline.api;

import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.TemplateSources;
import dev.flujo.pipeline.store.TemplateSources.Known;
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
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The templates of a project, each under its digest. */
@Path("/api/v1/projects/{project}/templates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pipelines")
public class TemplateResource {

    private final TemplateDefinitions definitions;
    private final TemplateSources templates;

    TemplateResource(TemplateDefinitions definitions, TemplateSources templates) {
        this.definitions = definitions;
        this.templates = templates;
    }

    @PUT
    @Path("{template}")
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml"})
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Submit a template",
            description =
                    "The file itself as body (at most 256 KB). Pipelines use it as `reference` in the answer says,"
                            + " by its digest; another text is another template beside it.")
    @RequestBody(
            content = @Content(mediaType = "application/yaml", schema = @Schema(type = SchemaType.STRING)),
            required = true)
    public Response submit(
            @PathParam("project") String project, @PathParam("template") String template, InputStream file) {
        TemplateDefinitions.Taken taken = definitions.take(
                Inputs.name("project", project),
                Inputs.name("template", template),
                PipelineDefinitions.text(Bodies.bytes(file, PipelineResource.SOURCE_BYTES)));
        Known known = taken.template();
        URI location = URI.create("/api/v1/projects/" + project + "/templates/" + template + "/" + known.digest());
        Response.ResponseBuilder answer =
                taken.fresh() ? Response.created(location) : Response.ok().location(location);
        return answer.entity(TemplateView.of(known)).build();
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(summary = "List the templates of a project, by name and digest")
    public Page<TemplateView> list(
            @PathParam("project") String project,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        Inputs.name("project", project);
        int most = Inputs.limit(limit, 50);
        String list = "templates/" + project;
        List<String> after = Cursor.place(list, cursor, parts -> List.of(parts.get(0), parts.get(1)))
                .orElse(List.of("", ""));
        List<Known> found = templates.page(project, after.get(0), after.get(1), most);
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(Cursor.of(
                        list,
                        found.get(most - 1).template(),
                        found.get(most - 1).digest()));
        return new Page<>(found.stream().map(TemplateView::of).toList(), next);
    }

    @GET
    @Path("{template}/{digest}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "Read a template with its source")
    public TemplateView read(
            @PathParam("project") String project,
            @PathParam("template") String template,
            @PathParam("digest") String digest) {
        return templates
                .find(project, template, digest)
                .map(TemplateView::of)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a template that has been submitted, but there is no '"
                                + Inputs.shown(project + "/" + template + "@sha256:" + digest) + "'"));
    }
}

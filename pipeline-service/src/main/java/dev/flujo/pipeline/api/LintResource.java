package dev.flujo.pipeline.api;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.TemplateReader;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Says what is wrong with a file, before anybody submits it. */
@Path("/api/v1/lint")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "pipelines")
public class LintResource {

    private static final String TEMPLATE = "template";

    private final KnownTemplates known;

    LintResource(KnownTemplates known) {
        this.known = known;
    }

    @POST
    @Consumes({"application/yaml", "application/x-yaml", "text/yaml"})
    @Operation(
            summary = "Check a pipeline file or template",
            description =
                    "The file itself as body (at most 256 KB). Answers 200 also where it is wrong: all errors at once,"
                            + " each with line, column and what was probably meant.")
    @RequestBody(
            content = @Content(mediaType = "application/yaml", schema = @Schema(type = SchemaType.STRING)),
            required = true)
    public LintView lintFile(@QueryParam("kind") @DefaultValue("pipeline") String kind, InputStream file) {
        return lint(kind, PipelineDefinitions.text(Bodies.bytes(file, PipelineResource.SOURCE_BYTES)), Map.of());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Check a pipeline file or template with the templates that it uses, as JSON")
    public LintView lintJson(@QueryParam("kind") @DefaultValue("pipeline") String kind, LintBody body) {
        Bodies.present(body);
        return lint(kind, Inputs.source(body.source()), body.templates());
    }

    private LintView lint(String kind, String source, Map<String, String> given) {
        Map<String, String> templates = known.with(source, given);
        if (kind.equals(TEMPLATE)) {
            return LintView.of(TemplateReader.problems(source, templates));
        }
        if (!kind.equals("pipeline")) {
            throw Inputs.bad("Expected 'pipeline' or 'template' as kind, but it is '" + Inputs.shown(kind) + "'");
        }
        List<PlanProblem> problems = PlanReader.read(source, templates) instanceof PlanReading.Refused refused
                ? refused.problems()
                : List.of();
        return LintView.of(problems);
    }
}

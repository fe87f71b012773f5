package dev.flujo.pipeline.api;

import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.Sources;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where a project takes its pipelines from, if that is its repository. */
@Path("/api/v1/projects/{project}/source")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "pipelines")
public class SourceResource {

    private static final String BRANCH = "main";

    private final Commands commands;
    private final Sources sources;
    private final Repositories repositories;

    SourceResource(Commands commands, Sources sources, Repositories repositories) {
        this.commands = commands;
        this.sources = sources;
        this.repositories = repositories;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Take the pipelines of a project from its repository",
            description = "From now on .flujo.yml and .flujo/*.yml at the commit of each event count, and what was"
                    + " submitted does not. Answers 202 once that is on the log.")
    public Response declare(@PathParam("project") String project, SourceBody body) {
        Inputs.name("project", project);
        Bodies.present(body);
        String repository = Optional.ofNullable(body.repository())
                .orElseThrow(() -> Inputs.invalid(
                        "Expected the address of a git repository in 'repository', but there" + " is none"));
        repositories.check(repository);
        String branch = Inputs.branch(body.branch().orElse(BRANCH));
        SourceDeclared source =
                new SourceDeclared(project, Optional.of(repository), branch, commands.by(), commands.now());
        send("source.declare", source);
        return Response.accepted(SourceView.of(source)).build();
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(summary = "Read where a project takes its pipelines from")
    public SourceView read(@PathParam("project") String project) {
        return SourceView.of(find(project));
    }

    @DELETE
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Take the pipelines of a project from its repository no longer",
            description = "What was submitted counts again. Answers 202 once that is on the log.")
    public Response withdraw(@PathParam("project") String project) {
        SourceDeclared source = find(project);
        send(
                "source.withdraw",
                new SourceDeclared(project, Optional.empty(), source.branch(), commands.by(), commands.now()));
        return Response.accepted(SourceView.of(source)).build();
    }

    private SourceDeclared find(String project) {
        Inputs.name("project", project);
        return sources.find(project)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected a project that takes its pipelines from its repository, but '" + project
                                + "' does not; declare it with PUT"));
    }

    private void send(String action, SourceDeclared source) {
        UUID id = UUID.randomUUID();
        commands.send(new Commands.Command(action, Topic.PIPELINES, id.toString(), id, source));
    }
}

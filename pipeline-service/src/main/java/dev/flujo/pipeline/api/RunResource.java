package dev.flujo.pipeline.api;

import dev.flujo.event.CommandEvent.CancelRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Topic;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Runs: all of them, and each one. */
@Path("/api/v1/runs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class RunResource {

    private final RunReader reader;
    private final RunList list;
    private final Commands commands;

    RunResource(RunReader reader, RunList list, Commands commands) {
        this.reader = reader;
        this.list = list;
        this.commands = commands;
    }

    @GET
    @RolesAllowed(Scope.READ)
    @Operation(
            summary = "List runs, newest first",
            description =
                    "A page may hold fewer runs than asked for, also none, while 'next' leads on: narrow filters are"
                            + " searched some thousand runs at a time.")
    public Page<RunView> list(
            @QueryParam("project") Optional<String> project,
            @QueryParam("pipeline") Optional<String> pipeline,
            @QueryParam("branch") Optional<String> branch,
            @QueryParam("commit") Optional<String> commit,
            @QueryParam("state") Optional<String> state,
            @QueryParam("limit") String limit,
            @QueryParam("cursor") String cursor) {
        RunList.Filter filter = new RunList.Filter(project, pipeline, branch, commit, state);
        return list.page(filter, Inputs.limit(limit, 50), cursor);
    }

    @GET
    @Path("{run}")
    @RolesAllowed(Scope.READ)
    @Operation(summary = "Read a run", description = "Its state is ACCEPTED until the orchestrator has taken it up.")
    public RunView read(@PathParam("run") String run) {
        return RunView.of(reader.read(run));
    }

    @POST
    @Path("{run}/cancel")
    @RolesAllowed(Scope.WRITE)
    @Operation(summary = "End a run before its time", description = "Answers 202 once the request is on the log.")
    public Response cancel(@PathParam("run") String id) {
        RunRow run = reader.read(id);
        if (run.state().ended()) {
            throw new Problem(
                            ApiProblem.RUN_ALREADY_FINISHED,
                            "Expected to cancel a run that has not ended, but run " + run.run() + " is " + run.state())
                    .with("runId", run.run());
        }
        String event = DerivedId.of("cancel", run.run().toString()).toString();
        CancelRun cancel = new CancelRun(run.project(), run.run(), commands.by(), "cancelled by " + commands.by());
        commands.send(new Commands.Command("run.cancel", Topic.COMMANDS, event, run.chain(), cancel));
        return Response.accepted(RunView.of(run))
                .location(URI.create("/api/v1/runs/" + run.run()))
                .build();
    }
}

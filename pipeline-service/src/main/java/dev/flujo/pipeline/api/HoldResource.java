package dev.flujo.pipeline.api;

import dev.flujo.event.CommandEvent;
import dev.flujo.event.CommandEvent.ApproveRun;
import dev.flujo.event.CommandEvent.RejectRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Revision;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The place where runs of strangers' commits are approved or rejected. */
@Path("/api/v1/runs/{run}/approval")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "runs")
public class HoldResource {

    private static final int LONGEST_REASON = 500;

    private final RunReader reader;
    private final Commands commands;

    HoldResource(RunReader reader, Commands commands) {
        this.reader = reader;
        this.commands = commands;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Approve or reject a run that is held",
            description =
                    "A run of a pull request from another repository is HELD until somebody approves its commit; it"
                            + " then executes what the base branch defines, without secrets. Rejecting it ends it as CANCELLED."
                            + " Answers 202 once the request is on the log; the same again changes nothing.")
    public Response judge(@PathParam("run") String id, HoldBody body) {
        Bodies.present(body);
        RunRow run = reader.read(id);
        String commit = Inputs.commit(Optional.ofNullable(body.commit())
                .orElseThrow(() -> Inputs.invalid(
                        "Expected the commit that you have looked at in 'commit', but there" + " is none")));
        boolean approve = body.approve()
                .orElseThrow(() -> Inputs.invalid("Expected true or false in 'approve', but there is nothing"));
        check(run, commit);
        CommandEvent judged = approve
                ? new ApproveRun(run.project(), run.run(), commit, commands.by())
                : new RejectRun(
                        run.project(),
                        run.run(),
                        commit,
                        commands.by(),
                        body.reason().map(HoldResource::reason));
        String action = approve ? "run.approve" : "run.reject";
        String event = DerivedId.of(action, run.run().toString()).toString();
        commands.send(new Commands.Command(action, Topic.COMMANDS, event, run.chain(), judged));
        return Response.accepted(RunView.of(run))
                .location(URI.create("/api/v1/runs/" + run.run()))
                .build();
    }

    private static void check(RunRow run, String commit) {
        String own = run.revision().flatMap(Revision::commit).orElse("");
        if (!own.equals(commit)) {
            throw new Problem(
                            ApiProblem.OTHER_COMMIT,
                            "Expected commit " + own + ", which run " + run.run() + " works on, but it is " + commit
                                    + "; look at what that one has, and at its own run")
                    .with("runId", run.run());
        }
        if (run.state() != RunState.HELD) {
            throw new Problem(
                            ApiProblem.RUN_NOT_HELD,
                            "Expected a run that waits for approval, but run " + run.run() + " is " + run.state())
                    .with("runId", run.run());
        }
    }

    private static String reason(String text) {
        if (text.length() > LONGEST_REASON) {
            throw Inputs.invalid("Expected a reason of at most " + LONGEST_REASON + " characters, but it has "
                    + text.length() + "; shorten it");
        }
        return Inputs.shown(text);
    }
}

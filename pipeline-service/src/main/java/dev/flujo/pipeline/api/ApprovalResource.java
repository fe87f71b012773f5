package dev.flujo.pipeline.api;

import dev.flujo.pipeline.source.Characters;
import dev.flujo.pipeline.store.RunRow;
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

/** The place where people say whether a job that waits for their consent goes on. */
@Path("/api/v1/runs/{run}/jobs/{job}/{answer: approve|reject}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "jobs")
public class ApprovalResource {

    private static final int LONGEST_COMMENT = 1000;

    private final RunReader reader;
    private final Jobs jobs;
    private final Approvals approvals;

    ApprovalResource(RunReader reader, Jobs jobs, Approvals approvals) {
        this.reader = reader;
        this.jobs = jobs;
        this.approvals = approvals;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Scope.WRITE)
    @Operation(
            summary = "Consent to a job that waits for approval, or refuse",
            description =
                    "Answers 202 once the answer is on the log; 403 if the job waits for others, 409 if it does not"
                            + " wait, or if another run has left something newer in its environment since, unless the body has"
                            + " 'older': true. With enough approvals the job goes on; one rejection fails it. The same caller counts once.")
    public Response answer(
            @PathParam("run") String id,
            @PathParam("job") String job,
            @PathParam("answer") String answer,
            AnswerBody body) {
        RunRow run = reader.read(id);
        Optional<String> comment = Optional.ofNullable(body).flatMap(AnswerBody::comment);
        comment.ifPresent(ApprovalResource::check);
        boolean older = Optional.ofNullable(body).flatMap(AnswerBody::older).orElse(false);
        approvals.answer(run, job, new Approvals.Said(answer.equals("approve"), comment, older));
        return Response.accepted(jobs.one(run.run(), job))
                .location(URI.create("/api/v1/runs/" + run.run() + "/jobs/" + job))
                .build();
    }

    private static void check(String comment) {
        if (comment.length() > LONGEST_COMMENT || !Characters.plain(comment)) {
            throw Inputs.invalid("Expected a comment of one line with at most " + LONGEST_COMMENT
                    + " visible characters, but it is '" + Inputs.shown(comment) + "'");
        }
    }
}

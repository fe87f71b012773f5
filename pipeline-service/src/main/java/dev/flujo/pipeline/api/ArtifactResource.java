package dev.flujo.pipeline.api;

import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.JobReports;
import dev.flujo.pipeline.store.JobReports.Content;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The files that the jobs of a run have published. */
@Path("/api/v1/runs/{run}/artifacts")
@RolesAllowed(Scope.READ)
@Tag(name = "jobs")
public class ArtifactResource {

    private final RunReader reader;
    private final Jobs jobs;
    private final JobReports reports;
    private final BlobStore blobs;

    ArtifactResource(RunReader reader, Jobs jobs, JobReports reports, BlobStore blobs) {
        this.reader = reader;
        this.jobs = jobs;
        this.reports = reports;
        this.blobs = blobs;
    }

    /** One artifact; its content lies under {@code artifacts/<job>/<path>}. */
    public record ArtifactView(String job, int attempt, String path, long bytes, String sha256) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The artifacts of a run")
    public Page<ArtifactView> all(@PathParam("run") String run) {
        return new Page<>(
                jobs.artifacts(reader.read(run).run()).stream()
                        .map(artifact -> new ArtifactView(
                                artifact.attempt().job(),
                                artifact.attempt().number(),
                                artifact.path(),
                                artifact.bytes(),
                                artifact.sha256()))
                        .toList(),
                Optional.empty());
    }

    @GET
    @Path("{job}/{path:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "The content of an artifact or a report, always as a download")
    public Response one(@PathParam("run") String run, @PathParam("job") String job, @PathParam("path") String path) {
        UUID id = reader.read(run).run();
        Content artifact = jobs.artifacts(id).stream()
                .filter(candidate -> candidate.attempt().job().equals(job)
                        && candidate.path().equals(path))
                .findFirst()
                .map(found -> new Content(found.bytes(), found.sha256()))
                .or(() -> reports.content(id, job, path))
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected an artifact or report of the run, but job '" + Inputs.shown(job) + "' has none at '"
                                + Inputs.shown(path) + "'"));
        try {
            return Response.ok(blobs.open(artifact.sha256()))
                    .header("Content-Length", artifact.bytes())
                    .header("Content-Disposition", "attachment")
                    .header("X-Content-Type-Options", "nosniff")
                    .build();
        } catch (IOException e) {
            throw new Problem(
                    CommonProblem.UNAVAILABLE,
                    "Expected the content of the artifact in the blob store, but it cannot be read there",
                    e);
        }
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.page.Page;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.api.Jobs.Made;
import dev.flujo.pipeline.store.JobReports;
import dev.flujo.pipeline.store.JobReports.Content;
import dev.flujo.pipeline.store.Provenances;
import dev.flujo.pipeline.store.Provenances.Place;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Provenances provenances;

    ArtifactResource(RunReader reader, Jobs jobs, JobReports reports, BlobStore blobs, Provenances provenances) {
        this.reader = reader;
        this.jobs = jobs;
        this.reports = reports;
        this.blobs = blobs;
        this.provenances = provenances;
    }

    /**
     * One artifact; its content lies under {@code artifacts/<job>/<path>}.
     *
     * @param provenance where the signed statement of where it comes from lies, if it was signed
     */
    public record ArtifactView(
            String job, int attempt, String path, long bytes, String sha256, Optional<String> provenance) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "The artifacts of a run")
    public Page<ArtifactView> all(@PathParam("run") String run) {
        UUID id = reader.read(run).run();
        Map<UUID, Set<Place>> signed = new HashMap<>();
        return new Page<>(
                jobs.artifacts(id).stream()
                        .map(made -> view(
                                id,
                                made,
                                signed.computeIfAbsent(made.by().run(), provenances::of)
                                        .contains(new Place(
                                                made.by(), made.artifact().path()))))
                        .toList(),
                Optional.empty());
    }

    private static ArtifactView view(UUID run, Made made, boolean signed) {
        ArtifactPublished artifact = made.artifact();
        return new ArtifactView(
                artifact.attempt().job(),
                artifact.attempt().number(),
                artifact.path(),
                artifact.bytes(),
                artifact.sha256(),
                signed ? Optional.of(link(run, artifact)) : Optional.empty());
    }

    private static String link(UUID run, ArtifactPublished artifact) {
        return "/api/v1/runs/" + run + "/provenance/" + artifact.attempt().job() + "/"
                + URLEncoder.encode(artifact.path(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/");
    }

    @GET
    @Path("{job}/{path:.+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(summary = "The content of an artifact or a report, always as a download")
    public Response one(@PathParam("run") String run, @PathParam("job") String job, @PathParam("path") String path) {
        UUID id = reader.read(run).run();
        Content artifact = jobs.artifacts(id).stream()
                .map(Made::artifact)
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

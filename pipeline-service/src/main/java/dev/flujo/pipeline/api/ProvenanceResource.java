package dev.flujo.pipeline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.store.Provenances;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Signed statements of where the artifacts of a run come from. */
@Path("/api/v1/runs/{run}/provenance")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "jobs")
public class ProvenanceResource {

    private final RunReader reader;
    private final Jobs jobs;
    private final Provenances provenances;

    ProvenanceResource(RunReader reader, Jobs jobs, Provenances provenances) {
        this.reader = reader;
        this.jobs = jobs;
        this.provenances = provenances;
    }

    /** A DSSE envelope as it was signed. */
    public record EnvelopeView(@JsonValue @JsonRawValue String envelope) {}

    @GET
    @Path("{job}/{path:.+}")
    @Operation(
            summary = "Where an artifact comes from, signed",
            description = "A DSSE envelope with an in-toto statement (SLSA provenance v1); docs/provenance.md")
    public EnvelopeView one(
            @PathParam("run") String run, @PathParam("job") String job, @PathParam("path") String path) {
        return jobs.artifacts(reader.read(run).run()).stream()
                .filter(made -> made.artifact().attempt().job().equals(job)
                        && made.artifact().path().equals(path))
                .findFirst()
                .flatMap(made -> provenances.find(made.by(), path))
                .map(EnvelopeView::new)
                .orElseThrow(() -> new Problem(
                        CommonProblem.NOT_FOUND,
                        "Expected an artifact of the run whose provenance was signed, but job '" + Inputs.shown(job)
                                + "' has none at '" + Inputs.shown(path) + "'"));
    }
}

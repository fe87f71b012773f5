package dev.flujo.pipeline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.flujo.kit.page.Cursor;
import dev.flujo.kit.page.Page;
import dev.flujo.pipeline.store.JobReports;
import dev.flujo.pipeline.store.JobReports.Place;
import dev.flujo.pipeline.store.JobReports.Report;
import dev.flujo.pipeline.token.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the reports of a run's jobs say, besides the results of tests. */
@Path("/api/v1/runs/{run}/reports")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.READ)
@Tag(name = "jobs")
public class ReportResource {

    private static final int USUAL = 20;

    private final RunReader reader;
    private final JobReports reports;

    ReportResource(RunReader reader, JobReports reports) {
        this.reader = reader;
        this.reports = reports;
    }

    /** One report; its file lies under {@code artifacts/<job>/<path>}. */
    public record ReportView(
            String job, int attempt, String kind, String path, long bytes, String sha256, @JsonRawValue String says) {

        static ReportView of(Report report) {
            Place place = report.place();
            return new ReportView(
                    place.job(),
                    place.attempt(),
                    place.kind(),
                    place.path(),
                    report.bytes(),
                    report.sha256(),
                    report.body());
        }
    }

    @GET
    @Operation(
            summary = "The reports of a run: coverage, findings, bills of materials",
            description =
                    "'kind' is coverage, sarif or sbom; 'says' has numbers of all of it, and the worst or first in full.")
    public Page<ReportView> all(
            @PathParam("run") String id, @QueryParam("limit") String limit, @QueryParam("cursor") String cursor) {
        UUID run = reader.read(id).run();
        String list = "reports/" + run;
        Place after = Cursor.place(
                        list,
                        cursor,
                        parts -> new Place(parts.get(0), Integer.parseInt(parts.get(1)), parts.get(2), parts.get(3)))
                .orElse(Place.FIRST);
        int most = Inputs.limit(limit, USUAL);
        List<Report> found = reports.page(run, after, most);
        Optional<String> next = found.size() < most
                ? Optional.empty()
                : Optional.of(cursor(list, found.get(found.size() - 1).place()));
        return new Page<>(found.stream().map(ReportView::of).toList(), next);
    }

    private static String cursor(String list, Place last) {
        return Cursor.of(list, last.job(), Integer.toString(last.attempt()), last.kind(), last.path());
    }
}

package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.EventCodec;
import dev.flujo.event.ReportEvent;
import dev.flujo.event.ReportEvent.ComponentsListed;
import dev.flujo.event.ReportEvent.CoverageMeasured;
import dev.flujo.event.ReportEvent.FindingsReported;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What reports of jobs say besides the results of tests, by run. */
@ApplicationScoped
public class JobReports {

    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".report (run, job, attempt, kind, path, bytes, sha256, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PAGE =
            "SELECT * FROM " + KEYSPACE + ".report WHERE run = ? AND (job, attempt, kind, path) > (?, ?, ?, ?) LIMIT ?";
    private static final String OF_JOB =
            "SELECT path, bytes, sha256 FROM " + KEYSPACE + ".report WHERE run = ? AND job = ?";

    private final Database database;
    private final ObjectMapper mapper;

    /** The place of a report among those of its run; they are in this order. */
    public record Place(String job, int attempt, String kind, String path) {

        /** Before all. */
        public static final Place FIRST = new Place("", 0, "", "");
    }

    /** One report: where it is from, its bytes in the blob store, and what it says as JSON. */
    public record Report(Place place, long bytes, String sha256, String body) {}

    /** The bytes of a report. */
    public record Content(long bytes, String sha256) {}

    JobReports(Database database, EventCodec codec) {
        this.database = database;
        this.mapper = codec.mapper();
    }

    public CompletionStage<Void> put(ReportEvent event) {
        return database.write(
                PUT,
                event.attempt().run(),
                event.attempt().job(),
                event.attempt().number(),
                kind(event),
                event.file().path(),
                event.file().bytes(),
                event.file().sha256(),
                body(event));
    }

    /** At most so many reports of a run after the given place. */
    public List<Report> page(UUID run, Place after, int most) {
        return database.ask(PAGE, run, after.job(), after.attempt(), after.kind(), after.path(), most).stream()
                .map(JobReports::report)
                .toList();
    }

    /** The newest report of a job that lay at this path. */
    public Optional<Content> content(UUID run, String job, String path) {
        return database.ask(OF_JOB, run, job).stream()
                .filter(row -> path.equals(row.getString("path")))
                .reduce((older, newer) -> newer)
                .map(row -> new Content(row.getLong("bytes"), row.getString("sha256")));
    }

    private static String kind(ReportEvent event) {
        if (event instanceof CoverageMeasured) return "coverage";
        if (event instanceof FindingsReported) return "sarif";
        if (event instanceof ComponentsListed) return "sbom";
        throw new AssertionError("unhandled event " + event);
    }

    /** The event without what the row says. */
    private String body(ReportEvent event) {
        ObjectNode body = mapper.valueToTree(event);
        body.remove(List.of("project", "attempt", "file"));
        try {
            return mapper.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected an event that can be written as JSON, but " + event, e);
        }
    }

    private static Report report(Row row) {
        return new Report(
                new Place(row.getString("job"), row.getInt("attempt"), row.getString("kind"), row.getString("path")),
                row.getLong("bytes"),
                row.getString("sha256"),
                row.getString("body"));
    }
}

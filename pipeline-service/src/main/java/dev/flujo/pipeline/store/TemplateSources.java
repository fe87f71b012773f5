package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The templates of projects, each under its digest, under which it never changes. */
@ApplicationScoped
public class TemplateSources {

    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".template_source (project, template, digest, source, actor, defined_at) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String PUT_INDEX = "INSERT INTO " + KEYSPACE
            + ".template (project, template, digest, actor, defined_at) VALUES (?, ?, ?, ?, ?)";
    private static final String GET =
            "SELECT * FROM " + KEYSPACE + ".template_source WHERE project = ? AND template = ? AND digest = ?";
    private static final String PAGE =
            "SELECT * FROM " + KEYSPACE + ".template WHERE project = ? AND (template, digest) > (?, ?) LIMIT ?";

    private final Database database;

    /** A template without its source; the digest is the SHA-256 of that. */
    public record Known(String project, String template, String digest, String by, Instant definedAt) {}

    /** A template with its source. */
    public record Whole(Known known, String source) {}

    TemplateSources(Database database) {
        this.database = database;
    }

    /** Begins to keep a template. */
    public CompletionStage<Void> put(TemplateDefined event) {
        return CompletableFuture.allOf(
                database.write(
                                PUT,
                                event.project(),
                                event.template(),
                                event.digest(),
                                event.source(),
                                event.by(),
                                event.definedAt())
                        .toCompletableFuture(),
                database.write(
                                PUT_INDEX,
                                event.project(),
                                event.template(),
                                event.digest(),
                                event.by(),
                                event.definedAt())
                        .toCompletableFuture());
    }

    public Optional<Whole> find(String project, String template, String digest) {
        return database.ask(GET, project, template, digest).stream()
                .findFirst()
                .map(row -> new Whole(known(row), row.getString("source")));
    }

    /** At most so many templates of a project after the given one, by name and digest. */
    public List<Known> page(String project, String template, String digest, int most) {
        return database.ask(PAGE, project, template, digest, most).stream()
                .map(TemplateSources::known)
                .toList();
    }

    private static Known known(Row row) {
        return new Known(
                row.getString("project"),
                row.getString("template"),
                row.getString("digest"),
                row.getString("actor"),
                row.getInstant("defined_at"));
    }
}

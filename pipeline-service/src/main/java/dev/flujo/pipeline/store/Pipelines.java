package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Projects, their pipelines, and every version of those. */
@ApplicationScoped
public class Pipelines {

    private static final int SHARD = 0;
    private static final String PUT_PROJECT = "INSERT INTO " + KEYSPACE + ".project (shard, project) VALUES (?, ?)";
    private static final String PUT_CURRENT = "INSERT INTO " + KEYSPACE
            + ".pipeline (project, pipeline, version, repository, actor, defined_at, gone_at, gone_commit)"
            + " VALUES (?, ?, ?, ?, ?, ?, null, null) USING TIMESTAMP ?";
    private static final String PUT_GONE = "UPDATE " + KEYSPACE
            + ".pipeline USING TIMESTAMP ? SET gone_at = ?, gone_commit = ? WHERE project = ? AND pipeline = ?";
    private static final String PUT_VERSION = "INSERT INTO " + KEYSPACE
            + ".pipeline_version (project, pipeline, version, repository, source, templates, actor, defined_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PUT_HISTORY = "INSERT INTO " + KEYSPACE
            + ".pipeline_history (project, pipeline, defined_at, version, actor) VALUES (?, ?, ?, ?, ?)";
    private static final String PROJECTS =
            "SELECT project FROM " + KEYSPACE + ".project WHERE shard = ? AND project > ? LIMIT ?";
    private static final String PIPELINES =
            "SELECT * FROM " + KEYSPACE + ".pipeline WHERE project = ? AND pipeline > ? LIMIT ?";
    private static final String CURRENT = "SELECT * FROM " + KEYSPACE + ".pipeline WHERE project = ? AND pipeline = ?";
    private static final String VERSION =
            "SELECT * FROM " + KEYSPACE + ".pipeline_version WHERE project = ? AND pipeline = ? AND version = ?";
    private static final String HISTORY = "SELECT * FROM " + KEYSPACE
            + ".pipeline_history WHERE project = ? AND pipeline = ? AND (defined_at, version) < (?, ?) LIMIT ?";

    private final Database database;

    /** A definition without its source; gone where the project has no such pipeline any more. */
    public record Defined(
            String project,
            String pipeline,
            String version,
            Optional<String> repository,
            String by,
            Instant definedAt,
            Optional<Gone> gone) {}

    /** Since when a pipeline is gone, and the commit that no longer defines it. */
    public record Gone(Instant at, Optional<String> commit) {}

    /** A definition with its source, and the sources of the templates that it uses. */
    public record Version(Defined defined, String source, Map<String, String> templates) {}

    /** When a version became the current one, and by whom. */
    public record Change(Instant definedAt, String version, String by) {}

    Pipelines(Database database) {
        this.database = database;
    }

    /** Keeps a definition; the one with the highest offset is the current one, and is so when all else of it is there. */
    public CompletionStage<Void> put(PipelineDefined event, long offset) {
        String repository = event.repository().orElse("");
        CompletionStage<Void> version = database.write(
                PUT_VERSION,
                event.project(),
                event.pipeline(),
                event.version(),
                repository,
                event.source(),
                event.templates(),
                event.by(),
                event.definedAt());
        CompletionStage<Void> history = database.write(
                PUT_HISTORY, event.project(), event.pipeline(), event.definedAt(), event.version(), event.by());
        return CompletableFuture.allOf(
                        database.write(PUT_PROJECT, SHARD, event.project()).toCompletableFuture(),
                        version.toCompletableFuture(),
                        history.toCompletableFuture())
                .thenCompose(done -> database.write(
                        PUT_CURRENT,
                        event.project(),
                        event.pipeline(),
                        event.version(),
                        repository,
                        event.by(),
                        event.definedAt(),
                        offset + 1));
    }

    /** Keeps that a pipeline is gone, unless a definition with a higher offset is there. */
    public CompletionStage<Void> gone(PipelineGone event, long offset) {
        return database.write(
                PUT_GONE, offset + 1, event.goneAt(), event.commit().orElse(null), event.project(), event.pipeline());
    }

    /** At most so many projects after the given one, by name. */
    public List<String> projects(String after, int most) {
        return database.ask(PROJECTS, SHARD, after, most).stream()
                .map(row -> row.getString("project"))
                .toList();
    }

    /** At most so many pipelines of a project after the given one, by name. */
    public List<Defined> page(String project, String after, int most) {
        return database.ask(PIPELINES, project, after, most).stream()
                .map(Pipelines::current)
                .toList();
    }

    public Optional<Defined> find(String project, String pipeline) {
        return database.ask(CURRENT, project, pipeline).stream()
                .filter(row -> row.getString("version") != null)
                .findFirst()
                .map(Pipelines::current);
    }

    public Optional<Version> version(String project, String pipeline, String version) {
        return database.ask(VERSION, project, pipeline, version).stream()
                .findFirst()
                .map(row -> new Version(
                        defined(row), row.getString("source"), row.getMap("templates", String.class, String.class)));
    }

    /** At most so many changes before the given one, by time and version, newest first. */
    public List<Change> history(String project, String pipeline, Instant before, String version, int most) {
        return database.ask(HISTORY, project, pipeline, before, version, most).stream()
                .map(row -> new Change(row.getInstant("defined_at"), row.getString("version"), row.getString("actor")))
                .toList();
    }

    private static Defined defined(Row row) {
        return new Defined(
                row.getString("project"),
                row.getString("pipeline"),
                row.getString("version"),
                Optional.ofNullable(row.getString("repository")).filter(text -> !text.isEmpty()),
                row.getString("actor"),
                row.getInstant("defined_at"),
                Optional.empty());
    }

    private static Defined current(Row row) {
        Defined defined = defined(row);
        return new Defined(
                defined.project(),
                defined.pipeline(),
                defined.version(),
                defined.repository(),
                defined.by(),
                defined.definedAt(),
                Optional.ofNullable(row.getInstant("gone_at"))
                        .map(at -> new Gone(at, Optional.ofNullable(row.getString("gone_commit")))));
    }
}

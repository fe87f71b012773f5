package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where projects take their pipelines from. */
@ApplicationScoped
public class Sources {

    private static final int SHARD = 0;
    private static final String PUT_PROJECT = "INSERT INTO " + KEYSPACE + ".project (shard, project) VALUES (?, ?)";
    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".source (project, repository, branch, actor, declared_at) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?";
    private static final String GET = "SELECT * FROM " + KEYSPACE + ".source WHERE project = ?";

    private final Database database;

    Sources(Database database) {
        this.database = database;
    }

    /** Keeps what was declared; what has the highest offset counts. */
    public CompletionStage<Void> put(SourceDeclared source, long offset) {
        return CompletableFuture.allOf(
                database.write(PUT_PROJECT, SHARD, source.project()).toCompletableFuture(),
                database.write(
                                PUT,
                                source.project(),
                                source.repository().orElse(""),
                                source.branch(),
                                source.by(),
                                source.declaredAt(),
                                offset + 1)
                        .toCompletableFuture());
    }

    /** What was declared last, also that there is no repository any more. */
    public Optional<SourceDeclared> last(String project) {
        return database.ask(GET, project).stream().findFirst().map(Sources::source);
    }

    /** Where the project takes its pipelines from, if that is its repository. */
    public Optional<SourceDeclared> find(String project) {
        return last(project).filter(source -> source.repository().isPresent());
    }

    private static SourceDeclared source(Row row) {
        return new SourceDeclared(
                row.getString("project"),
                Optional.ofNullable(row.getString("repository")).filter(text -> !text.isEmpty()),
                row.getString("branch"),
                row.getString("actor"),
                row.getInstant("declared_at"));
    }
}

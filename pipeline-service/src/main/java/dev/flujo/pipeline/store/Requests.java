package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import dev.flujo.event.CommitEvent.PullRequestChanged;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The newest commit of each pull request. */
@ApplicationScoped
public class Requests {

    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".request (project, number, commit, fork, received_at) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?";
    private static final String GET = "SELECT * FROM " + KEYSPACE + ".request WHERE project = ? AND number = ?";

    private final Database database;

    /** What is known of a pull request. */
    public record Known(String commit, boolean fork) {}

    Requests(Database database) {
        this.database = database;
    }

    /** Keeps what was last heard of a pull request; what has the highest offset counts. */
    public CompletionStage<Void> put(PullRequestChanged request, long offset) {
        return database.write(
                PUT,
                request.project(),
                request.number(),
                request.commit(),
                request.fork(),
                request.receivedAt(),
                offset + 1);
    }

    public Optional<Known> find(String project, long number) {
        return database.ask(GET, project, number).stream()
                .findFirst()
                .map(row -> new Known(row.getString("commit"), row.getBoolean("fork")));
    }
}

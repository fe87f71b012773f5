package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import dev.flujo.event.Revision;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which runs there are of a commit, newest first. */
@ApplicationScoped
public class CommitRuns {

    private static final String PUT =
            "INSERT INTO " + KEYSPACE + ".commit_run (project, commit, at, run) VALUES (?, ?, ?, ?)";
    private static final String OF =
            "SELECT run FROM " + KEYSPACE + ".commit_run WHERE project = ? AND commit = ? LIMIT ?";

    private final Database database;

    CommitRuns(Database database) {
        this.database = database;
    }

    /** Makes a run findable under its commit, if it has one. */
    public CompletionStage<Void> put(RunRow row) {
        Optional<String> commit = row.revision().flatMap(Revision::commit);
        return commit.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : database.write(PUT, row.project(), commit.get(), row.cause().receivedAt(), row.run());
    }

    /** At most so many runs of the commit. */
    public List<UUID> of(String project, String commit, int most) {
        return database.ask(OF, project, commit, most).stream()
                .map(row -> row.getUuid("run"))
                .toList();
    }
}

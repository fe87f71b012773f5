package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** What runs are now. */
@ApplicationScoped
public class Runs {

    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".run (run, sequence, project, pipeline, version, state, reason, cause_kind, cause_by, cause_id,"
            + " received_at, repository, branch, commit, message, author, committed_at, queued_at, started_at,"
            + " finished_at, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " USING TIMESTAMP ?";
    private static final String GET = "SELECT * FROM " + KEYSPACE + ".run WHERE run = ?";
    private static final String GET_ALL = "SELECT * FROM " + KEYSPACE + ".run WHERE run IN ?";

    private final Database database;

    Runs(Database database) {
        this.database = database;
    }

    /** Keeps the row unless a newer one of the run is there. */
    public CompletionStage<Void> put(RunRow row) {
        Optional<Revision> revision = row.revision();
        return database.write(
                PUT,
                row.run(),
                row.sequence(),
                row.project(),
                row.pipeline(),
                row.version().orElse(null),
                row.state().name(),
                // What is null is not written, and the reason of a hold must not outlive it.
                row.reason().orElse(""),
                row.cause().kind().name(),
                row.cause().by(),
                row.cause().id(),
                row.cause().receivedAt(),
                revision.flatMap(Revision::repository).orElse(null),
                revision.map(Revision::branch).orElse(null),
                revision.flatMap(Revision::commit).orElse(null),
                revision.flatMap(Revision::message).orElse(null),
                revision.flatMap(Revision::author).orElse(null),
                revision.flatMap(Revision::committedAt).orElse(null),
                row.times().queuedAt().orElse(null),
                row.times().startedAt().orElse(null),
                row.times().finishedAt().orElse(null),
                row.chain(),
                row.sequence() + 1);
    }

    public Optional<RunRow> find(UUID run) {
        return Database.await(findAsync(run));
    }

    /** The same for somebody who can do without it if it takes longer. */
    public Optional<RunRow> find(UUID run, Duration patience) {
        return Database.await(findAsync(run), patience);
    }

    public CompletionStage<Optional<RunRow>> findAsync(UUID run) {
        return database.askAsync(GET, run)
                .thenApply(rows -> rows.stream().findFirst().map(Runs::row));
    }

    /** Those of the runs that there are, in the same order, by one question: each costs more than the row that it finds. */
    public List<RunRow> findAll(List<UUID> runs) {
        if (runs.isEmpty()) {
            return List.of();
        }
        Map<UUID, RunRow> found = new HashMap<>();
        database.ask(GET_ALL, runs).forEach(row -> found.put(row.getUuid("run"), row(row)));
        return runs.stream()
                .flatMap(run -> Optional.ofNullable(found.get(run)).stream())
                .toList();
    }

    private static RunRow row(Row row) {
        return new RunRow(
                row.getUuid("run"),
                row.getString("project"),
                row.getString("pipeline"),
                Optional.ofNullable(row.getString("version")),
                RunState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("reason")).filter(reason -> !reason.isEmpty()),
                new Cause(
                        Cause.Kind.valueOf(row.getString("cause_kind")),
                        row.getString("cause_by"),
                        row.getString("cause_id"),
                        row.getInstant("received_at")),
                Optional.ofNullable(row.getString("branch")).map(branch -> revision(row, branch)),
                new RunRow.Times(
                        Optional.ofNullable(row.getInstant("queued_at")),
                        Optional.ofNullable(row.getInstant("started_at")),
                        Optional.ofNullable(row.getInstant("finished_at"))),
                row.getLong("sequence"),
                row.getUuid("chain"));
    }

    private static Revision revision(Row row, String branch) {
        return new Revision(
                Optional.ofNullable(row.getString("repository")),
                branch,
                Optional.ofNullable(row.getString("commit")),
                Optional.ofNullable(row.getString("message")),
                Optional.ofNullable(row.getString("author")),
                Optional.ofNullable(row.getInstant("committed_at")));
    }
}

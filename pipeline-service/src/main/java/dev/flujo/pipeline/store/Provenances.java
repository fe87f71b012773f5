package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import dev.flujo.event.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Signed statements of where artifacts come from, by the attempt that made them. */
@ApplicationScoped
public class Provenances {

    private static final String PUT =
            "INSERT INTO " + KEYSPACE + ".provenance (run, job, attempt, path, envelope) VALUES (?, ?, ?, ?, ?)";
    private static final String GET =
            "SELECT envelope FROM " + KEYSPACE + ".provenance WHERE run = ? AND job = ? AND attempt = ? AND path = ?";

    private final Database database;

    Provenances(Database database) {
        this.database = database;
    }

    /** The DSSE envelope of one artifact. */
    public record Signed(Attempt attempt, String path, String envelope) {}

    /** Keeps them; all are of one run. */
    public CompletionStage<Void> put(List<Signed> signed) {
        return signed.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : database.writeTogether(
                        PUT,
                        signed.stream()
                                .map(each -> new Object[] {
                                    each.attempt().run(),
                                    each.attempt().job(),
                                    each.attempt().number(),
                                    each.path(),
                                    each.envelope()
                                })
                                .toList());
    }

    /** The envelope of the artifact that an attempt left at this path; none where it was not signed. */
    public Optional<String> find(Attempt attempt, String path) {
        return database.ask(GET, attempt.run(), attempt.job(), attempt.number(), path).stream()
                .findFirst()
                .map(row -> row.getString("envelope"));
    }
}

package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import dev.flujo.event.Attempt;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Signed statements of where artifacts come from, by the attempt that made them. */
@ApplicationScoped
public class Provenances {

    private static final String PUT =
            "INSERT INTO " + KEYSPACE + ".provenance (run, job, attempt, path, envelope) VALUES (?, ?, ?, ?, ?)";
    private static final String ALL = "SELECT job, attempt, path FROM " + KEYSPACE + ".provenance WHERE run = ?";
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

    /** Which artifact of a run it is. */
    public record Place(Attempt attempt, String path) {}

    /** Of which artifacts that a run has made there is one. */
    public Set<Place> of(UUID run) {
        return database.ask(ALL, run).stream()
                .map(row ->
                        new Place(new Attempt(run, row.getString("job"), row.getInt("attempt")), row.getString("path")))
                .collect(Collectors.toSet());
    }

    /** The envelope of the artifact that an attempt left at this path; none where it was not signed. */
    public Optional<String> find(Attempt attempt, String path) {
        return database.ask(GET, attempt.run(), attempt.job(), attempt.number(), path).stream()
                .findFirst()
                .map(row -> row.getString("envelope"));
    }
}

package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import com.datastax.oss.driver.api.core.cql.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The logs of runs, event by event. */
@ApplicationScoped
public class RunEvents {

    private static final String PUT =
            "INSERT INTO " + KEYSPACE + ".run_event (run, sequence, id, type, at, body) VALUES (?, ?, ?, ?, ?, ?)";
    private static final String PAGE = "SELECT run, sequence, id, type, at, body FROM " + KEYSPACE
            + ".run_event WHERE run = ? AND sequence > ? AND sequence <= ? LIMIT ?";
    private static final String ID = "SELECT id FROM " + KEYSPACE + ".run_event WHERE run = ? AND sequence = ?";

    private final Database database;

    RunEvents(Database database) {
        this.database = database;
    }

    /** Keeps events of one run, with one request. */
    public CompletionStage<Void> put(List<StoredEvent> events) {
        return database.writeTogether(
                PUT,
                events.stream()
                        .map(event -> new Object[] {
                            event.run(), event.sequence(), event.id(), event.type(), event.at(), event.json()
                        })
                        .toList());
    }

    /** At most so many events after one number and up to another. */
    public List<StoredEvent> page(UUID run, long after, long last, int most) {
        return database.ask(PAGE, run, after, last, most).stream()
                .map(RunEvents::event)
                .toList();
    }

    /** The id of the event with this number. */
    public Optional<String> id(UUID run, long sequence) {
        return database.ask(ID, run, sequence).stream().findFirst().map(row -> row.getString("id"));
    }

    private static StoredEvent event(Row row) {
        return new StoredEvent(
                row.getUuid("run"),
                row.getLong("sequence"),
                row.getString("id"),
                row.getString("type"),
                row.getInstant("at"),
                row.getString("body"));
    }
}

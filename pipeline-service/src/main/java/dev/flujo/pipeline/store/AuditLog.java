package dev.flujo.pipeline.store;

import static dev.flujo.pipeline.store.Tables.KEYSPACE;

import dev.flujo.event.AuditEvent.ActionRecorded;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who did what, by day. */
@ApplicationScoped
public class AuditLog {

    private static final String PUT = "INSERT INTO " + KEYSPACE
            + ".audit (day, at, id, project, actor, action, target, result, detail, address)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String PAGE = "SELECT * FROM " + KEYSPACE + ".audit WHERE day = ? LIMIT ?";

    private final Database database;

    AuditLog(Database database) {
        this.database = database;
    }

    public CompletionStage<Void> put(String id, ActionRecorded action) {
        return database.write(
                PUT,
                LocalDate.ofInstant(action.at(), ZoneOffset.UTC),
                action.at(),
                id,
                action.project().orElse(null),
                action.by(),
                action.action(),
                action.target(),
                action.result(),
                action.detail().orElse(null),
                action.address().orElse(null));
    }

    /** The last actions of a day (UTC), newest first. */
    public List<ActionRecorded> last(LocalDate day, int most) {
        return database.ask(PAGE, day, most).stream()
                .map(row -> new ActionRecorded(
                        Optional.ofNullable(row.getString("project")),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("result"),
                        Optional.ofNullable(row.getString("detail")),
                        Optional.ofNullable(row.getString("address")),
                        row.getInstant("at")))
                .toList();
    }
}

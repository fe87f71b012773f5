package dev.flujo.pipeline.messaging;

import dev.flujo.pipeline.store.RunRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The runs that this replica has accepted lately, for the moments until the history has them. Other replicas see a run as
 * soon as its command is projected.
 */
@ApplicationScoped
public class AcceptedRuns {

    private static final int REMEMBERED = 20_000;

    private final Map<UUID, RunRow> rows = new Recent<>(REMEMBERED);

    /** Remembers a run that is about to be asked for; gives the earlier one with the same id, if there is one. */
    public Optional<RunRow> begin(RunRow row) {
        synchronized (rows) {
            return Optional.ofNullable(rows.putIfAbsent(row.run(), row));
        }
    }

    /** Forgets a run that could not be asked for. */
    public void forget(UUID run) {
        synchronized (rows) {
            rows.remove(run);
        }
    }

    public Optional<RunRow> find(UUID run) {
        synchronized (rows) {
            return Optional.ofNullable(rows.get(run));
        }
    }
}

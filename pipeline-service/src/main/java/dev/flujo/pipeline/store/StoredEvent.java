package dev.flujo.pipeline.store;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** One event of a run's log: its number and the whole CDEvent. */
public record StoredEvent(UUID run, long sequence, String id, String type, Instant at, String json) {

    public StoredEvent {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(json, "json");
    }
}

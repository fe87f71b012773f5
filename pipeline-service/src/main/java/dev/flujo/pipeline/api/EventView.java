package dev.flujo.pipeline.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.flujo.pipeline.store.StoredEvent;

/** One event of a run's log: its number in the run, and the whole CDEvent. */
public record EventView(long sequence, @JsonRawValue String event) {

    static EventView of(StoredEvent event) {
        return new EventView(event.sequence(), event.json());
    }
}

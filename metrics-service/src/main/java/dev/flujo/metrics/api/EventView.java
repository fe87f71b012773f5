package dev.flujo.metrics.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Envelope;
import java.time.Instant;

/** An event behind a number, whole. */
public record EventView(String id, String type, Instant time, String subject, long sequence, JsonNode event) {

    static EventView of(Envelope envelope, JsonNode whole) {
        return new EventView(
                envelope.id(), envelope.type(), envelope.time(), envelope.subject(), envelope.sequence(), whole);
    }
}

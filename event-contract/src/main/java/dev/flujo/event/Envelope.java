package dev.flujo.event;

import java.net.URI;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * An event with what CloudEvents and CDEvents say about every event: its id (unique per source), who wrote it and when,
 * the chain from commit to deployment that it belongs to, and, on a run log, its number in the run (from 1; 0 elsewhere).
 */
public record Envelope(String id, URI source, Instant time, UUID chainId, long sequence, Event event) {

    public Envelope {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(chainId, "chainId");
        Objects.requireNonNull(event, "event");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("Expected an event id, but it is empty");
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("Expected a sequence from 0, but it is " + sequence);
        }
    }

    /** An event outside a run log. */
    public static Envelope of(String id, URI source, Instant time, UUID chainId, Event event) {
        return new Envelope(id, source, time, chainId, 0, event);
    }

    /** The type name with its version, as it stands in the registry. */
    public String type() {
        return EventTypes.nameOf(event);
    }

    public String subject() {
        return event.subject();
    }

    /** The chain id as a W3C trace id: 32 hexadecimal digits. */
    public String traceId() {
        return chainId.toString().replace("-", "");
    }
}

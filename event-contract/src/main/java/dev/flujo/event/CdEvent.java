package dev.flujo.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import java.util.Optional;

/** A CDEvent of the 0.5.1 vocabulary as another tool writes it: read and kept, with nothing of Flujo in it. */
public record CdEvent(String type, String subject, JsonNode content, Optional<JsonNode> customData) implements Event {

    public CdEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(content, "content");
        customData = customData == null ? Optional.empty() : customData;
    }
}

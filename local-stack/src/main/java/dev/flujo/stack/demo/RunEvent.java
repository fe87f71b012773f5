package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Set;

/** One event of a run as REST tells it: its type without prefix and version, when it was, and what it says. */
record RunEvent(String type, Instant at, JsonNode said) {

    private static final Set<String> LAST = Set.of("pipelinerun.finished", "run.refused", "run.quarantined");

    /** Reads an event of the history or of the stream: a CDEvent, alone or in {@code event} of an item. */
    static RunEvent of(JsonNode item) {
        JsonNode event = item.has("context") ? item : item.path("event");
        String fullType = event.path("context").path("type").asText();
        JsonNode content = event.has("customData")
                ? event.path("customData")
                : event.path("subject").path("content");
        return new RunEvent(
                shortened(fullType),
                Instant.parse(event.path("context").path("timestamp").asText()),
                content);
    }

    /** A text that the event says; empty if it does not. */
    String text(String name) {
        return text(said.path(name));
    }

    static String text(JsonNode node) {
        return node.isNull() ? "" : node.asText();
    }

    String job() {
        return text(said.path("attempt").path("job"));
    }

    /** Whether nothing comes after it in its run. */
    boolean last() {
        return LAST.contains(type);
    }

    private static String shortened(String type) {
        return type.replaceFirst("^dev\\.cdevents\\.|^dev\\.cdeventsx\\.flujo-", "")
                .replaceFirst("\\.[0-9]+\\.[0-9]+\\.[0-9]+$", "");
    }
}

package dev.flujo.runner.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;

/** Events that hold texts of a job, such as messages of its tests, without the secrets that it may have written there. */
public final class MaskedEvent {

    private static final ObjectMapper JSON = new EventCodec().mapper();

    private MaskedEvent() {}

    /** The event with every text of it masked. */
    public static <E extends Event> E of(E event, SecretMask mask) {
        if (mask == SecretMask.NONE) {
            return event;
        }
        try {
            @SuppressWarnings("unchecked") // what is read is of the event's own class
            Class<E> type = (Class<E>) event.getClass();
            return JSON.treeToValue(masked(JSON.valueToTree(event), mask), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Expected an event that can be read as it was written, but " + event, e);
        }
    }

    private static JsonNode masked(JsonNode node, SecretMask mask) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(masked(field.getValue(), mask)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, masked(array.get(i), mask));
            }
        } else if (node instanceof TextNode text) {
            return TextNode.valueOf(mask.apply(text.textValue()));
        }
        return node;
    }
}

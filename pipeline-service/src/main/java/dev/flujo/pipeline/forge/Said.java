package dev.flujo.pipeline.forge;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What forges say in their answers, where it may be missing. */
final class Said {

    private Said() {}

    /** A text that has to be there. */
    static String text(JsonNode node, String pointer) {
        return optional(node, pointer)
                .orElseThrow(() -> new ForgeRefused("Expected " + pointer + " in an answer, but it is missing", 200));
    }

    static Optional<String> optional(JsonNode node, String pointer) {
        return Optional.of(node.at(pointer)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    static Optional<Instant> time(JsonNode node, String pointer) {
        try {
            return optional(node, pointer)
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The texts at the pointer of each item of a list. */
    static List<String> texts(JsonNode list, String pointer) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> optional(item, pointer).ifPresent(texts::add));
        return texts;
    }

    /** Whether both are there and say the same; what is not said is not the same. */
    static boolean same(JsonNode one, JsonNode other) {
        return one.isValueNode() && !one.isNull() && one.equals(other);
    }
}

package dev.flujo.pipeline.webhook;

import static com.fasterxml.jackson.core.filter.TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A part of what a delivery says. Texts are cut where they are longer than anybody writes them. */
final class Payload {

    /** Of a message or a name no more is kept. */
    private static final int MOST_TEXT = 4_000;

    private final JsonNode node;

    private Payload(JsonNode node) {
        this.node = node;
    }

    /**
     * The wanted fields of a body, as far as it has them.
     *
     * @throws Problem (400) if it is no JSON object
     */
    static Payload read(Delivery delivery, ObjectMapper json, WantedFields wanted) {
        try (JsonParser parser =
                new FilteringParserDelegate(json.createParser(delivery.open()), wanted, INCLUDE_ALL_AND_PATH, true)) {
            JsonNode payload = json.readTree(parser);
            if (parser.nextToken() != null) {
                throw bad("something follows its end", null);
            }
            return new Payload(payload == null ? json.createObjectNode() : payload);
        } catch (IOException e) {
            throw bad("it cannot be read; let the webhook send application/json", e);
        }
    }

    Payload at(String field) {
        return new Payload(node.path(field));
    }

    boolean isThere() {
        return !node.isMissingNode() && !node.isNull();
    }

    boolean isList() {
        return node.isArray();
    }

    /** The parts of a list; none where it is no list. */
    List<Payload> parts(String field) {
        List<Payload> parts = new ArrayList<>();
        if (node.path(field).isArray()) {
            node.path(field).forEach(part -> parts.add(new Payload(part)));
        }
        return parts;
    }

    /** The texts of a list. */
    List<String> texts(String field) {
        return parts(field).stream().map(part -> part.node.asText()).toList();
    }

    /** The text of a field that has to be there. */
    String text(String field) {
        return optional(field)
                .orElseThrow(() -> new Problem(
                        CommonProblem.BAD_REQUEST,
                        "Expected the field '" + field + "' of a push or pull request, but it is missing or no text"));
    }

    Optional<String> optional(String field) {
        return Optional.of(node.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .map(text -> text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text);
    }

    Optional<Instant> time(String field) {
        try {
            return optional(field).map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    boolean yes(String field) {
        return node.path(field).asBoolean(false);
    }

    Optional<Long> number(String field) {
        return Optional.of(node.path(field)).filter(JsonNode::canConvertToLong).map(JsonNode::asLong);
    }

    private static Problem bad(String fact, Throwable cause) {
        return new Problem(CommonProblem.BAD_REQUEST, "Expected a JSON object as body, but " + fact, cause);
    }
}

package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages what Flujo writes in {@value #ROUNDS} seeded ways; reading must answer, and what it can read it can write. */
class EventCodecFuzzTest {

    private static final int ROUNDS = 5_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final EventCodec CODEC = new EventCodec();
    private static final List<Event> SAMPLES = EventSamples.all();

    @Test
    void answersDamagedBytesWithoutAnException() {
        Random random = new Random(20261124);
        for (int round = 0; round < ROUNDS; round++) {
            Envelope envelope = sample(random);
            byte[] value = CODEC.toJson(envelope).toString().getBytes(StandardCharsets.UTF_8);
            for (int i = random.nextInt(4); i >= 0; i--) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }

            assertAnswers(round, headers(envelope), value);
        }
    }

    @Test
    void answersDamagedValuesWithoutAnException() {
        Random random = new Random(20261125);
        for (int round = 0; round < ROUNDS; round++) {
            Envelope envelope = sample(random);
            ObjectNode event = CODEC.toJson(envelope);
            for (int i = random.nextInt(3); i >= 0; i--) {
                damage(event, random);
            }

            assertAnswers(round, headers(envelope), event.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void answersRandomBytesWithoutAnException() {
        Random random = new Random(20261126);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] value = new byte[random.nextInt(200)];
            random.nextBytes(value);

            assertAnswers(round, headers(sample(random)), value);
        }
    }

    private static void assertAnswers(int round, Map<String, String> headers, byte[] value) {
        for (Topic topic : Topic.values()) {
            assertNotNull(CODEC.decode(topic, "shop", headers, value), () -> "round " + round);
        }
        if (CODEC.decode(headers, value) instanceof Decoded.Known known) {
            Decoded again = CODEC.decode(CODEC.toJson(known.envelope()));
            assertEquals(Decoded.Known.class, again.getClass(), () -> "round " + round + ": " + again);
        }
    }

    private static void damage(ObjectNode event, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(event, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(5) == 0) {
                object.remove(name);
            } else {
                object.set(name, replacement(random));
            }
        } else if (container instanceof ArrayNode array) {
            array.add(replacement(random));
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode replacement(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.numberNode(random.nextLong());
            case 2 -> JSON.numberNode(random.nextDouble() * 1e300);
            case 3 -> JSON.booleanNode(random.nextBoolean());
            case 4 -> JSON.textNode("");
            case 5 -> JSON.textNode("+999999999-12-31T23:59:59Z");
            case 6 -> JSON.textNode("P999999999999D");
            case 7 -> JSON.arrayNode().addNull();
            case 8 -> JSON.objectNode().putNull("");
            default -> JSON.textNode("\ud800 \u0000 \u202e");
        };
    }

    private static Envelope sample(Random random) {
        return EventSamples.envelope(SAMPLES.get(random.nextInt(SAMPLES.size())));
    }

    private static Map<String, String> headers(Envelope envelope) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_type", envelope.type());
        headers.put("ce_id", envelope.id());
        return headers;
    }
}

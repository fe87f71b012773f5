package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConformanceTest {

    private static final CdEventSchemas SCHEMAS = new CdEventSchemas();
    private static final EventCodec CODEC = new EventCodec();

    static List<Path> examples() {
        return CdEventSchemas.examples();
    }

    static List<Event> samples() {
        return EventSamples.all();
    }

    @Test
    void knowsAllTypesOfTheVocabulary() {
        assertEquals(45, examples().size());
        assertEquals(45, CdEventTypes.count());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void readsEveryConformanceExample(Path example) {
        JsonNode event = CdEventSchemas.read(example);
        Map<String, String> headers = Map.of(
                "ce_type", event.at("/context/type").asText(),
                "ce_id", event.at("/context/id").asText());

        Decoded decoded = CODEC.decode(headers, event.toString().getBytes(StandardCharsets.UTF_8));

        Envelope envelope = assertInstanceOf(Decoded.Known.class, decoded).envelope();
        assertEquals(event.at("/context/id").asText(), envelope.id());
        assertEquals(event.at("/context/type").asText(), envelope.type());
        assertEquals(event.at("/context/source").asText(), envelope.source().toString());
        assertEquals(event.at("/subject/id").asText(), envelope.subject());
        assertEquals(event.at("/subject/content"), ((CdEvent) envelope.event()).content());
        assertEquals(List.of(), SCHEMAS.problems(CODEC.toJson(envelope)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesEventsThatTheirSchemasAccept(Event sample) {
        assertEquals(List.of(), SCHEMAS.problems(CODEC.toJson(EventSamples.envelope(sample))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesEventsThatTheirSchemasAcceptAndReadsThemWithNothingThatMayBeLeftOut(Event sample) {
        Envelope bare = EventSamples.envelope(BareEvents.of(sample));
        JsonNode written = CODEC.toJson(bare);

        assertEquals(List.of(), SCHEMAS.problems(written));
        assertEquals(
                bare.event(),
                assertInstanceOf(Decoded.Known.class, CODEC.decode(written))
                        .envelope()
                        .event());
    }

    @Test
    void refusesWhatTheSchemasForbid() {
        ObjectNode event = CODEC.toJson(EventSamples.envelope(EventSamples.all().get(0)));
        ((ObjectNode) event.get("context")).put("timestamp", "yesterday");

        assertTrue(SCHEMAS.problems(event).toString().contains("timestamp"));
    }
}

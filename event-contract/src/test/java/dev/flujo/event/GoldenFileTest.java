package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenFileTest {

    static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private static final Path SCHEMAS = Path.of("src/main/resources/dev/flujo/schemas");
    private static final EventCodec CODEC = new EventCodec();

    static List<Event> samples() {
        return EventSamples.all();
    }

    static Set<String> customTypes() {
        return EventTypes.customRecords().keySet();
    }

    @Test
    void hasASampleOfEveryRecord() {
        Set<Class<?>> permitted = new java.util.HashSet<>();
        collect(Event.class, permitted);

        Set<Class<?>> sampled = samples().stream().map(Object::getClass).collect(Collectors.toSet());

        assertEquals(names(permitted), names(sampled));
    }

    @Test
    void givesEveryRecordAType() {
        Set<Class<?>> typed = new java.util.HashSet<>(EventTypes.records());
        typed.add(CdEvent.class);

        assertEquals(names(samples().stream().map(Object::getClass).collect(Collectors.toSet())), names(typed));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesWhatTheGoldenFileSays(Event sample) {
        Envelope envelope = EventSamples.envelope(sample);

        ApprovedFile.check(DIRECTORY.resolve(envelope.type() + ".json"), CODEC.toJson(envelope));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatTheGoldenFileSays(Event sample) throws IOException {
        Envelope envelope = EventSamples.envelope(sample);
        JsonNode golden = new ObjectMapper()
                .readTree(DIRECTORY.resolve(envelope.type() + ".json").toFile());

        Envelope read =
                assertInstanceOf(Decoded.Known.class, CODEC.decode(golden)).envelope();

        assertEquals(Envelope.of(envelope.id(), envelope.source(), envelope.time(), envelope.chainId(), sample), read);
    }

    @Test
    void keepsNoGoldenFileOfATypeThatNobodyReads() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.toList()) {
                assertInstanceOf(
                        Decoded.Known.class, CODEC.decode(CdEventSchemas.read(file)), () -> "cannot read " + file);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("customTypes")
    void publishesTheSchemaOfEachOwnEvent(String type) {
        JsonNode schema = PublishedSchemas.of(type, EventTypes.customRecords().get(type));

        ApprovedFile.check(SCHEMAS.resolve(type + ".json"), schema);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesOwnEventsAsTheirPublishedSchemaSays(Event sample) {
        Envelope envelope = EventSamples.envelope(sample);
        if (!envelope.type().startsWith("dev.cdeventsx.")) {
            return;
        }
        JsonNode schema = CdEventSchemas.read(SCHEMAS.resolve(envelope.type() + ".json"));

        assertEquals(
                List.of(),
                CdEventSchemas.problems(schema, CODEC.toJson(envelope).at("/subject/content")));
        assertEquals(
                List.of(),
                CdEventSchemas.problems(
                        schema,
                        CODEC.toJson(EventSamples.envelope(BareEvents.of(sample)))
                                .at("/subject/content")));
    }

    private static void collect(Class<?> type, Set<Class<?>> records) {
        if (type.isRecord()) {
            records.add(type);
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            collect(permitted, records);
        }
    }

    private static Set<String> names(Set<? extends Class<?>> types) {
        return types.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
    }
}

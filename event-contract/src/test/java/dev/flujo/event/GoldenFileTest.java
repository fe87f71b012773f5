package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    static List<EventTypes.Entry> publishedTypes() {
        return EventTypes.published();
    }

    /** What older Flujos wrote, and the version that is written in its place now. */
    static Map<String, String> superseded() {
        return Map.ofEntries(
                Map.entry(
                        "dev.cdeventsx.flujo-run.rerunrequested.0.2.0", "dev.cdeventsx.flujo-run.rerunrequested.0.3.0"),
                Map.entry("dev.cdeventsx.flujo-run.extended.0.2.0", "dev.cdeventsx.flujo-run.extended.0.3.0"),
                Map.entry("dev.cdeventsx.flujo-work.assigned.0.3.0", "dev.cdeventsx.flujo-work.assigned.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-slot.requested.0.3.0", "dev.cdeventsx.flujo-slot.requested.0.4.0"),
                Map.entry(
                        "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.3.0",
                        "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.4.0"),
                Map.entry("dev.cdevents.change.merged.0.3.0", "dev.cdevents.change.merged.0.3.0-flujo.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-pipeline.defined.0.1.0", "dev.cdeventsx.flujo-pipeline.defined.0.2.0"),
                Map.entry("dev.cdevents.taskrun.started.0.3.0", "dev.cdevents.taskrun.started.0.3.0-flujo.0.3.0"),
                Map.entry(
                        "dev.cdevents.taskrun.started.0.3.0-flujo.0.2.0",
                        "dev.cdevents.taskrun.started.0.3.0-flujo.0.3.0"),
                Map.entry("dev.cdevents.taskrun.finished.0.3.0", "dev.cdevents.taskrun.finished.0.3.0-flujo.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-run.requested.0.1.0", "dev.cdeventsx.flujo-run.requested.0.2.0"),
                Map.entry("dev.cdevents.pipelinerun.queued.0.3.0", "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.4.0"),
                Map.entry(
                        "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.2.0",
                        "dev.cdevents.pipelinerun.queued.0.3.0-flujo.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-run.refused.0.1.0", "dev.cdeventsx.flujo-run.refused.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-slot.requested.0.1.0", "dev.cdeventsx.flujo-slot.requested.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-slot.requested.0.2.0", "dev.cdeventsx.flujo-slot.requested.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-work.assigned.0.1.0", "dev.cdeventsx.flujo-work.assigned.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-work.assigned.0.2.0", "dev.cdeventsx.flujo-work.assigned.0.4.0"),
                Map.entry("dev.cdeventsx.flujo-run.extended.0.1.0", "dev.cdeventsx.flujo-run.extended.0.3.0"),
                Map.entry(
                        "dev.cdeventsx.flujo-run.rerunrequested.0.1.0", "dev.cdeventsx.flujo-run.rerunrequested.0.3.0"),
                Map.entry("dev.cdeventsx.flujo-lock.requested.0.1.0", "dev.cdeventsx.flujo-lock.requested.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-lock.queued.0.1.0", "dev.cdeventsx.flujo-lock.queued.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-queue.reported.0.1.0", "dev.cdeventsx.flujo-queue.reported.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-lock.acquired.0.1.0", "dev.cdeventsx.flujo-lock.acquired.0.2.0"),
                Map.entry("dev.cdeventsx.flujo-lock.released.0.1.0", "dev.cdeventsx.flujo-lock.released.0.2.0"),
                Map.entry(
                        "dev.cdeventsx.flujo-pullrequest.changed.0.1.0",
                        "dev.cdeventsx.flujo-pullrequest.changed.0.2.0"));
    }

    static Set<Map.Entry<String, String>> supersededEntries() {
        return superseded().entrySet();
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

        ApprovedFile.check(golden(envelope), CODEC.toJson(envelope));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatTheGoldenFileSays(Event sample) throws IOException {
        Envelope envelope = EventSamples.envelope(sample);
        JsonNode golden = new ObjectMapper().readTree(golden(envelope).toFile());

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
    @MethodSource("publishedTypes")
    void publishesTheSchemaOfEachRecordOfItsOwn(EventTypes.Entry type) {
        ApprovedFile.check(SCHEMAS.resolve(type.schemaName() + ".json"), PublishedSchemas.of(type));
    }

    @ParameterizedTest
    @MethodSource("supersededEntries")
    void readsWhatOlderVersionsWroteWithDefaultsForWhatIsNew(Map.Entry<String, String> versions) {
        Event old = read(versions.getKey());
        Event sample = OldSamples.of(versions.getKey(), old.getClass());

        assertEquals(sample, old);
    }

    @Test
    void keepsTheSchemasOfOlderVersions() throws IOException {
        Set<String> kept = new TreeSet<>(superseded().keySet());
        kept.removeIf(name -> !name.startsWith("dev.cdeventsx.") && !name.contains("-flujo."));
        publishedTypes().forEach(type -> kept.add(type.schemaName()));

        try (Stream<Path> files = Files.list(SCHEMAS)) {
            assertEquals(
                    kept,
                    files.map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    @ParameterizedTest
    @MethodSource("supersededEntries")
    void acceptsOldEventsByTheSchemasThatTheyWereWrittenFor(Map.Entry<String, String> versions) {
        if (versions.getKey().startsWith("dev.cdeventsx.")) {
            JsonNode schema = CdEventSchemas.read(SCHEMAS.resolve(versions.getKey() + ".json"));
            JsonNode golden = CdEventSchemas.read(DIRECTORY.resolve(versions.getKey() + ".json"));

            assertEquals(List.of(), CdEventSchemas.problems(schema, golden.at("/subject/content")));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesOwnEventsAsTheirPublishedSchemaSays(Event sample) {
        if (sample instanceof CdEvent || !publishedTypes().contains(EventTypes.of(sample))) {
            return;
        }
        EventTypes.Entry type = EventTypes.of(sample);
        JsonNode schema = CdEventSchemas.read(SCHEMAS.resolve(type.schemaName() + ".json"));
        JsonNode event = CODEC.toJson(EventSamples.envelope(sample));
        JsonNode bare = CODEC.toJson(EventSamples.envelope(BareEvents.of(sample)));

        assertEquals(List.of(), CdEventSchemas.problems(schema, type.custom() ? event.at("/subject/content") : event));
        assertEquals(List.of(), CdEventSchemas.problems(schema, type.custom() ? bare.at("/subject/content") : bare));
    }

    private static Path golden(Envelope envelope) {
        String name = envelope.event() instanceof CdEvent
                ? envelope.type()
                : EventTypes.of(envelope.event()).schemaName();
        return DIRECTORY.resolve(name + ".json");
    }

    private static Event read(String name) {
        JsonNode golden = CdEventSchemas.read(DIRECTORY.resolve(name + ".json"));
        return assertInstanceOf(Decoded.Known.class, CODEC.decode(golden))
                .envelope()
                .event();
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

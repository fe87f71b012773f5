package dev.flujo.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {

    private static final EventCodec CODEC = new EventCodec();
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<Event> samples() {
        return EventSamples.all().stream()
                .filter(event -> !(event instanceof CdEvent))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void writesTheBindingsMustsAndTheWholeEvent(Event sample) throws IOException {
        Envelope envelope = EventSamples.envelope(sample);
        Topic topic = topicOf(sample);

        EncodedEvent encoded = CODEC.encode(topic, envelope);

        Map<String, String> headers = encoded.headers();
        assertEquals("1.0", headers.get("ce_specversion"));
        assertEquals("application/json", headers.get("content-type"));
        JsonNode data = JSON.readTree(encoded.value());
        assertEquals(data.at("/context/id").asText(), headers.get("ce_id"));
        assertEquals(data.at("/context/source").asText(), headers.get("ce_source"));
        assertEquals(data.at("/context/type").asText(), headers.get("ce_type"));
        assertEquals(data.at("/context/timestamp").asText(), headers.get("ce_time"));
        assertEquals(data.at("/subject/id").asText(), headers.get("ce_subject"));
        assertFalse(headers.get("ce_subject").isEmpty());
        assertEquals(envelope.sequence() > 0 ? "7" : null, headers.get("ce_sequence"));
        assertEquals(CODEC.toJson(envelope).toString(), data.toString());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readsWhatItWrote(Event sample) {
        Envelope envelope = EventSamples.envelope(sample);
        EncodedEvent encoded = CODEC.encode(topicOf(sample), envelope);

        Decoded decoded = CODEC.decode(topicOf(sample), encoded.key(), encoded.headers(), encoded.value());

        assertEquals(new Decoded.Known(envelope), decoded);
    }

    @Test
    void readsStructuredMode() {
        Envelope envelope = EventSamples.envelope(new RunEvent.RunStarted("shop", EventSamples.RUN, "main"));
        ObjectNode cloudEvent = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", envelope.id())
                .put("source", envelope.source().toString())
                .put("type", envelope.type())
                .put("subject", envelope.subject())
                .put("sequence", "7");
        cloudEvent.set("data", CODEC.toJson(envelope));

        Decoded decoded = CODEC.decode(
                Topic.RUNS,
                "shop",
                Map.of("content-type", "application/cloudevents+json; charset=UTF-8"),
                utf8(cloudEvent));

        assertEquals(new Decoded.Known(envelope), decoded);
    }

    @Test
    void readsANewerMinorVersionAndIgnoresWhatItAdds() {
        EncodedEvent cancel = cancel();
        String newer = text(cancel).replace(".0.1.0", ".0.2.0").replace("\"by\":", "\"weather\":\"fair\",\"by\":");

        Decoded decoded = CODEC.decode(Topic.COMMANDS, "shop", typed(cancel, ".0.1.0", ".0.2.0"), utf8(newer));

        Envelope envelope = assertInstanceOf(Decoded.Known.class, decoded).envelope();
        assertEquals(new CommandEvent.CancelRun("shop", EventSamples.RUN, "ada", "enough"), envelope.event());
    }

    @Test
    void refusesANewerMajorVersion() {
        EncodedEvent cancel = cancel();

        Decoded decoded = CODEC.decode(
                Topic.COMMANDS,
                "shop",
                typed(cancel, ".0.1.0", ".1.0.0"),
                utf8(text(cancel).replace(".0.1.0", ".1.0.0")));

        assertReason("upgrade", decoded);
    }

    @Test
    void tellsUnknownTypesFromMalformedRecords() {
        EncodedEvent cancel = cancel();
        String other = "dev.cdeventsx.other-gate.opened.0.1.0";
        String ours = cancel.headers().get("ce_type");

        Decoded decoded = CODEC.decode(
                Topic.COMMANDS,
                "shop",
                typed(cancel, ours, other),
                utf8(text(cancel).replace(ours, other)));

        assertEquals(new Decoded.Unknown(other), decoded);
    }

    @Test
    void refusesAKeyThatIsNotTheEventsOwn() {
        EncodedEvent cancel = cancel();

        assertReason("key", CODEC.decode(Topic.COMMANDS, "store", cancel.headers(), cancel.value()));
        assertReason("none", CODEC.decode(Topic.COMMANDS, null, cancel.headers(), cancel.value()));
    }

    @Test
    void refusesRecordsWithoutAnEvent() {
        Map<String, String> headers = cancel().headers();

        assertReason("no value", CODEC.decode(Topic.COMMANDS, "shop", headers, null));
        assertReason("no value", CODEC.decode(Topic.COMMANDS, "shop", headers, new byte[0]));
        assertReason("Expected", CODEC.decode(Topic.COMMANDS, "shop", headers, utf8("   ")));
        assertReason("JSON", CODEC.decode(Topic.COMMANDS, "shop", headers, utf8("{\"a\":")));
        for (String json :
                List.of("null", "17", "[]", "{}", "\"text\"", "{\"context\":1,\"subject\":{\"content\":{}}}")) {
            assertReason("CDEvent", CODEC.decode(Topic.COMMANDS, "shop", headers, utf8(json)));
        }
        assertReason("ce_type", CODEC.decode(Topic.COMMANDS, "shop", Map.of(), cancel().value()));
    }

    @Test
    void refusesAnEventWhoseHeadersSayOtherwise() {
        EncodedEvent cancel = cancel();
        Map<String, String> headers = new LinkedHashMap<>(cancel.headers());
        headers.put("ce_id", "another");

        assertReason("differ", CODEC.decode(Topic.COMMANDS, "shop", headers, cancel.value()));
    }

    @Test
    void refusesValuesOfAnotherShape() {
        EncodedEvent cancel = cancel();
        for (String[] change : new String[][] {
            {"\"by\":\"ada\"", "\"by\":1"},
            {"\"by\":\"ada\"", "\"by\":null"},
            {"\"by\":\"ada\"", "\"by\":{}"},
            {",\"by\":\"ada\"", ""},
            {"\"run\":\"" + EventSamples.RUN, "\"run\":\"7"},
            {"\"timestamp\":\"2026", "\"timestamp\":\"yesterday"},
            {"\"source\":\"/flujo/samples\"", "\"source\":\"not a uri\""},
        }) {
            String text = text(cancel);
            assertTrue(text.contains(change[0]), change[0]);

            Decoded decoded =
                    CODEC.decode(Topic.COMMANDS, "shop", cancel.headers(), utf8(text.replace(change[0], change[1])));

            assertReason("Expected", decoded);
        }
    }

    @Test
    void refusesASequenceThatIsNoNumber() {
        EncodedEvent cancel = cancel();
        for (String sequence : List.of("many", "-1", "1.5", "99999999999999999999")) {
            Map<String, String> headers = new LinkedHashMap<>(cancel.headers());
            headers.put("ce_sequence", sequence);

            assertReason("Expected", CODEC.decode(Topic.COMMANDS, "shop", headers, cancel.value()));
        }
    }

    @Test
    void refusesDuplicateKeysTrailingTextAndDeepNesting() {
        EncodedEvent cancel = cancel();
        String text = text(cancel);
        String nested = "[".repeat(100_000);

        assertReason(
                "JSON",
                CODEC.decode(
                        Topic.COMMANDS,
                        "shop",
                        cancel.headers(),
                        utf8(text.replace("\"by\":", "\"by\":\"eve\",\"by\":"))));
        assertReason("JSON", CODEC.decode(Topic.COMMANDS, "shop", cancel.headers(), utf8(text + "{}")));
        assertReason("JSON", CODEC.decode(Topic.COMMANDS, "shop", cancel.headers(), utf8(nested)));
        assertReason(
                "JSON",
                CODEC.decode(
                        Topic.COMMANDS,
                        "shop",
                        cancel.headers(),
                        utf8(text.replace("\"by\":", "\"deep\":" + nested + "]".repeat(100_000) + ",\"by\":"))));
    }

    @Test
    void replacesHalfSurrogatePairsWhenReadingAndWriting() {
        EncodedEvent cancel = cancel();
        String text = text(cancel).replace("enough", "half \\ud83d whole \\ud83d\\ude00");

        Decoded decoded = CODEC.decode(Topic.COMMANDS, "shop", cancel.headers(), utf8(text));

        CommandEvent.CancelRun read = (CommandEvent.CancelRun)
                assertInstanceOf(Decoded.Known.class, decoded).envelope().event();
        assertEquals("half ? whole \ud83d\ude00", read.reason());
        Envelope half = EventSamples.envelope(
                new CommandEvent.CancelRun("shop", EventSamples.RUN, "ada", "half \ud83d whole \ud83d\ude00"));
        Envelope whole = EventSamples.envelope(read);
        assertArrayEquals(
                CODEC.encode(Topic.COMMANDS, whole).value(),
                CODEC.encode(Topic.COMMANDS, half).value());
    }

    @Test
    void refusesAnEventWithoutAPlaceOnTheTopic() {
        Envelope envelope = EventSamples.envelope(new RunnerEvent.RunnerLeft("default", "runner-1"));

        assertThrows(IllegalArgumentException.class, () -> CODEC.encode(Topic.RUNS, envelope));
    }

    @Test
    void readsAnotherToolsEventOfATypeThatFlujoWritesToo() {
        ObjectNode event =
                CODEC.toJson(EventSamples.envelope(new DeployEvent.EnvironmentCreated("shop", "production")));
        event.putNull("customData");

        Decoded decoded = CODEC.decode(event);

        CdEvent foreign = (CdEvent)
                assertInstanceOf(Decoded.Known.class, decoded).envelope().event();
        assertEquals(Optional.empty(), foreign.customData());
        assertEquals("production", foreign.content().path("name").asText());
    }

    @Test
    void beginsAChainWhereAnEventHasNone() {
        ObjectNode event = CODEC.toJson(EventSamples.envelope(new RunnerEvent.RunnerLeft("default", "runner-1")));
        ((ObjectNode) event.get("context")).remove("chainId");

        Envelope first =
                assertInstanceOf(Decoded.Known.class, CODEC.decode(event)).envelope();
        Envelope again =
                assertInstanceOf(Decoded.Known.class, CODEC.decode(event)).envelope();

        assertEquals(first.chainId(), again.chainId());
        assertEquals(Instant.parse("2026-11-23T14:27:05.315384Z"), first.time());
    }

    static Topic topicOf(Event event) {
        if (event instanceof CommitEvent) return Topic.COMMITS;
        if (event instanceof CommandEvent) return Topic.COMMANDS;
        if (event instanceof SignalEvent) return Topic.COMMANDS;
        if (event instanceof PipelineEvent) return Topic.PIPELINES;
        if (event instanceof RunEvent || event instanceof JobEvent || event instanceof LockEvent) return Topic.RUNS;
        if (event instanceof AssignmentEvent) return Topic.ASSIGNMENTS;
        if (event instanceof RunnerEvent) return Topic.RUNNERS;
        if (event instanceof QueueEvent) return Topic.QUEUES;
        if (event instanceof PoolEvent) return Topic.POOL_REQUESTS;
        if (event instanceof TestEvent || event instanceof ReportEvent) return Topic.TESTS;
        if (event instanceof DeployEvent
                || event instanceof DriftEvent
                || event instanceof ConfigEvent
                || event instanceof AnalysisEvent
                || event instanceof CdEvent) return Topic.DEPLOYS;
        if (event instanceof LogEvent) return Topic.LOGS;
        if (event instanceof AuditEvent) return Topic.AUDIT;
        throw new AssertionError("unhandled event " + event);
    }

    private static EncodedEvent cancel() {
        return CODEC.encode(
                Topic.COMMANDS,
                EventSamples.envelope(new CommandEvent.CancelRun("shop", EventSamples.RUN, "ada", "enough")));
    }

    private static Map<String, String> typed(EncodedEvent encoded, String from, String to) {
        Map<String, String> headers = new LinkedHashMap<>(encoded.headers());
        headers.put("ce_type", headers.get("ce_type").replace(from, to));
        return headers;
    }

    private static void assertReason(String part, Decoded decoded) {
        String reason = assertInstanceOf(Decoded.Malformed.class, decoded).reason();
        assertTrue(reason.contains(part), reason);
    }

    private static String text(EncodedEvent encoded) {
        return new String(encoded.value(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(Object text) {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}

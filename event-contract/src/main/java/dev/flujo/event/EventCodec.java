package dev.flujo.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes and reads events: CloudEvents 1.0 in Kafka's binary mode whose data is a whole CDEvent 0.5.1. Structured mode is
 * read too. Reading tells known, unknown and malformed apart and never throws.
 */
public final class EventCodec {

    private static final String SPEC_VERSION = "0.5.1";
    private static final String JSON_TYPE = "application/json";
    private static final String STRUCTURED_TYPE = "application/cloudevents";

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
            .build();

    /** Makes a codec. */
    public EventCodec() {
        JsonInclude.Value unlessDefault = JsonInclude.Value.construct(
                JsonInclude.Include.CUSTOM, JsonInclude.Include.ALWAYS, PlanDefaults.class, null);
        PlanDefaults.TYPES.forEach(type -> mapper.configOverride(type).setIncludeAsProperty(unlessDefault));
    }

    /** The mapper that knows how Flujo's records are written as JSON. */
    public ObjectMapper mapper() {
        return mapper.copy();
    }

    /**
     * The record that carries this event on this topic.
     *
     * @throws IllegalArgumentException if the event has no place on the topic
     */
    public EncodedEvent encode(Topic topic, Envelope envelope) {
        return encode(topic.keyOf(envelope.event()), envelope);
    }

    /** The record that carries this event under a key that it does not name itself, as an event of another tool does not. */
    public EncodedEvent encode(String key, Envelope envelope) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", JSON_TYPE);
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", envelope.id());
        headers.put("ce_source", envelope.source().toString());
        headers.put("ce_type", envelope.type());
        headers.put("ce_subject", envelope.subject());
        headers.put("ce_time", envelope.time().toString());
        if (envelope.sequence() > 0) {
            headers.put("ce_sequence", Long.toString(envelope.sequence()));
        }
        try {
            return new EncodedEvent(key, headers, bytes(toJson(envelope)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Expected an event that can be written as JSON, but " + envelope, e);
        }
    }

    /** The whole CDEvent. */
    public ObjectNode toJson(Envelope envelope) {
        ObjectNode root = mapper.createObjectNode();
        ObjectNode context = root.putObject("context");
        context.put("specversion", SPEC_VERSION);
        context.put("id", envelope.id());
        context.put("source", envelope.source().toString());
        context.put("type", envelope.type());
        context.put("timestamp", envelope.time().toString());
        context.put("chainId", envelope.chainId().toString());
        Event event = envelope.event();
        if (!(event instanceof CdEvent)) {
            EventTypes.of(event).schemaUri().ifPresent(uri -> context.put("schemaUri", uri));
        }
        ObjectNode subject = root.putObject("subject");
        subject.put("id", envelope.subject());
        if (event instanceof CdEvent foreign) {
            subject.set("content", foreign.content());
            foreign.customData().ifPresent(data -> root.set("customData", data));
            return root;
        }
        EventTypes.Entry entry = EventTypes.of(event);
        if (entry.content().isPresent()) {
            subject.set("content", entry.content().get().apply(event));
            root.set("customData", mapper.valueToTree(event));
        } else {
            subject.set("content", mapper.valueToTree(event));
        }
        return root;
    }

    /** Reads a record of a topic; key or value may be null. */
    public Decoded decode(Topic topic, String key, Map<String, String> headers, byte[] value) {
        Decoded decoded = decode(headers, value);
        if (decoded instanceof Decoded.Known known) {
            Optional<String> expected = topic.keyIn(known.envelope().event());
            if (expected.isPresent() && !expected.get().equals(key)) {
                return new Decoded.Malformed("Expected the key '" + expected.get()
                        + "' that the event names, but the record has " + quoted(key));
            }
        }
        return decoded;
    }

    /** Reads a record whose key does not matter. */
    public Decoded decode(Map<String, String> headers, byte[] value) {
        if (value == null || value.length == 0) {
            return new Decoded.Malformed("Expected a CloudEvent, but the record has no value");
        }
        try {
            JsonNode root = tree(value);
            if (headers.getOrDefault("content-type", "")
                    .toLowerCase(Locale.ROOT)
                    .startsWith(STRUCTURED_TYPE)) {
                return read(
                        root.path("data"),
                        root.path("type").asText(),
                        root.path("id").asText(),
                        root.path("sequence"));
            }
            if (!headers.containsKey("ce_type") || !headers.containsKey("ce_id")) {
                return new Decoded.Malformed(
                        "Expected the headers ce_type and ce_id of a CloudEvent, but they are missing");
            }
            JsonNode sequence = mapper.getNodeFactory().textNode(headers.getOrDefault("ce_sequence", "0"));
            return read(root, headers.get("ce_type"), headers.get("ce_id"), sequence);
        } catch (IOException e) {
            return new Decoded.Malformed("Expected JSON, but " + firstLine(e));
        }
    }

    /**
     * UTF-8 of a tree. By way of a text, because Jackson refuses to write half a surrogate pair as bytes; so it becomes a
     * question mark.
     */
    private byte[] bytes(JsonNode tree) throws JsonProcessingException {
        return mapper.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
    }

    /** Half surrogate pairs, which no database or answer could take, are replaced as soon as they are read. */
    private JsonNode tree(byte[] value) throws IOException {
        JsonNode tree = mapper.readTree(value);
        return mayHoldSurrogates(value) ? mapper.readTree(bytes(tree)) : tree;
    }

    private static boolean mayHoldSurrogates(byte[] value) {
        for (int i = 0; i + 2 < value.length; i++) {
            boolean escaped = value[i] == '\\' && value[i + 1] == 'u' && (value[i + 2] | 0x20) == 'd';
            if (escaped || value[i] == (byte) 0xED) {
                return true;
            }
        }
        return false;
    }

    /** Reads a whole CDEvent on its own, without CloudEvents around it. */
    public Decoded decode(JsonNode root) {
        JsonNode context = root.path("context");
        return read(root, context.path("type").asText(), context.path("id").asText(), root.path("sequence"));
    }

    private Decoded read(JsonNode root, String type, String id, JsonNode sequence) {
        JsonNode context = root.path("context");
        if (!root.path("subject").path("content").isObject() || !context.isObject()) {
            return new Decoded.Malformed("Expected a CDEvent with context and subject.content, but found "
                    + firstLine(root.getNodeType().toString()));
        }
        if (!type.equals(context.path("type").textValue())
                || !id.equals(context.path("id").textValue())) {
            return new Decoded.Malformed(
                    "Expected type and id of the CloudEvent in the CDEvent's context, but they differ");
        }
        int split = versionStart(type);
        if (split < 0) {
            return new Decoded.Malformed(
                    "Expected a type that ends in a version such as 0.1.0, but found '" + type + "'");
        }
        return readVersioned(root, type.substring(0, split), type.substring(split + 1), type, sequence);
    }

    private Decoded readVersioned(JsonNode root, String name, String version, String type, JsonNode sequence) {
        Optional<EventTypes.Entry> entry = EventTypes.named(name);
        boolean ours = entry.isPresent() && (entry.get().custom() || isOurs(root));
        if (!ours && !CdEventTypes.has(name)) {
            return new Decoded.Unknown(type);
        }
        if (!version.startsWith("0.")) {
            return new Decoded.Malformed("Expected version 0.x of " + name + ", but found " + version
                    + "; a newer Flujo wrote it, upgrade this one first");
        }
        try {
            if (ours
                    && EventTypes.dataMajor(
                                    root.path("context").path("schemaUri").asText())
                            > 0) {
                return new Decoded.Malformed("Expected data of version 0.x in " + type
                        + ", but a newer Flujo wrote it; upgrade this one first");
            }
            Event event = ours ? record(root, entry.get()) : foreign(root, name, type);
            return new Decoded.Known(envelope(root.path("context"), event, number(sequence)));
        } catch (JsonProcessingException | URISyntaxException | RuntimeException e) {
            // Whatever a library throws over foreign bytes means the same: this record cannot be read.
            return new Decoded.Malformed("Expected a " + type + ", but " + firstLine(e));
        }
    }

    /** Other tools may write CDEvents' types too; theirs carry no record of ours, which always names the project. */
    private static boolean isOurs(JsonNode root) {
        return root.path("customData").path("project").isTextual();
    }

    private Event record(JsonNode root, EventTypes.Entry entry) throws JsonProcessingException {
        JsonNode data = entry.custom() ? root.path("subject").path("content") : root.path("customData");
        return mapper.treeToValue(data, entry.record());
    }

    private static Event foreign(JsonNode root, String name, String type) {
        JsonNode content = root.path("subject").path("content");
        CdEventTypes.missing(name, content).ifPresent(member -> {
            throw new IllegalArgumentException("its content has no '" + member + "'");
        });
        return new CdEvent(
                type,
                root.path("subject").path("id").asText(),
                content,
                Optional.ofNullable(root.get("customData")).filter(data -> !data.isNull()));
    }

    private static Envelope envelope(JsonNode context, Event event, long sequence) throws URISyntaxException {
        String id = context.path("id").asText();
        Instant time = OffsetDateTime.parse(context.path("timestamp").asText()).toInstant();
        return new Envelope(id, new URI(context.path("source").asText()), time, chain(context, id), sequence, event);
    }

    private static long number(JsonNode sequence) {
        return sequence.isMissingNode() ? 0 : Long.parseLong(sequence.asText());
    }

    /** The event's chain; an event that has none begins one, which follows from its id. */
    private static UUID chain(JsonNode context, String id) {
        String chainId = context.path("chainId").asText();
        try {
            return chainId.isEmpty() ? DerivedId.of("chain", id) : UUID.fromString(chainId);
        } catch (IllegalArgumentException notAUuid) {
            return DerivedId.of("chain", chainId);
        }
    }

    /** The place of the dot before the version {@code M.m.p}; negative where there is no version. */
    private static int versionStart(String type) {
        int dot = type.length();
        for (int part = 0; part < 3; part++) {
            int end = dot;
            dot = type.lastIndexOf('.', dot - 1);
            if (dot < 0
                    || end - dot < 2
                    || !type.substring(dot + 1, end).chars().allMatch(Character::isDigit)) {
                return -1;
            }
        }
        return dot;
    }

    private static String quoted(String key) {
        return key == null ? "none" : "'" + key + "'";
    }

    private static String firstLine(Throwable e) {
        return firstLine(String.valueOf(e.getMessage()));
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 300 ? line.substring(0, 300) : line;
    }
}

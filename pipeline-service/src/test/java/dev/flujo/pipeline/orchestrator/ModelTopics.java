package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Decoded;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.streams.processor.api.Record;

/** All topics of Flujo, in memory: what has one key has an order, and what has different keys has none. */
final class ModelTopics {

    static final EventCodec CODEC = new EventCodec();
    static final UUID CHAIN = UUID.fromString("4c8cb7dd-3448-41de-8768-eec704e2829b");

    private static final URI SOURCE = URI.create("/model");

    private final Map<Topic, Map<String, List<Record<byte[], byte[]>>>> records = new EnumMap<>(Topic.class);
    private final SettableClock clock = new SettableClock();
    private final IdentityHashMap<Record<byte[], byte[]>, Instant> decided = new IdentityHashMap<>();
    private Instant steady;

    ModelTopics(Instant start) {
        steady = start;
    }

    /** What the clocks of all machines say. */
    Instant now() {
        return steady.plus(clock.ahead());
    }

    /** What no clock says that somebody can set. */
    Instant steady() {
        return steady;
    }

    WallClock clock() {
        return clock;
    }

    void setClock(Duration by) {
        clock.set(by);
    }

    void pass(Duration time) {
        steady = steady.plus(time);
    }

    /** What somebody outside of the orchestrator says. */
    void say(Topic topic, String id, Event event) {
        EncodedEvent encoded = CODEC.encode(topic, Envelope.of(id, SOURCE, now(), CHAIN, event));
        byte[] key = encoded.key().getBytes(StandardCharsets.UTF_8);
        append(topic, new Record<>(key, encoded.value(), now().toEpochMilli(), EventRecords.headers(encoded)));
    }

    /** Something is going to be said, once its transaction counts. */
    void decided(Record<byte[], byte[]> record) {
        decided.put(record, steady);
    }

    /** How long ago the orchestrator has decided this, whatever clocks say. */
    Duration age(Record<byte[], byte[]> record) {
        return Duration.between(decided.get(record), steady);
    }

    void append(Topic topic, Record<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        records.computeIfAbsent(topic, unused -> new TreeMap<>())
                .computeIfAbsent(key, unused -> new ArrayList<>())
                .add(record);
    }

    /** Everything with this key, in its order. */
    List<Record<byte[], byte[]>> of(Topic topic, String key) {
        return records.getOrDefault(topic, Map.of()).getOrDefault(key, List.of());
    }

    List<String> keys(Topic topic) {
        return List.copyOf(records.getOrDefault(topic, Map.of()).keySet());
    }

    static Envelope read(Topic topic, Record<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        Decoded decoded = CODEC.decode(topic, key, EventRecords.headers(record.headers()), record.value());
        if (decoded instanceof Decoded.Known known) {
            return known.envelope();
        }
        throw new AssertionError("not readable on " + topic + ": " + decoded);
    }
}

package dev.flujo.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that nobody should write, made from one that is right, for tests of everything that reads topics. */
public final class BadRecords {

    private static final EventCodec CODEC = new EventCodec();
    private static final ObjectMapper JSON = CODEC.mapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OF_TOMORROW = "dev.cdeventsx.flujo-dream.dreamt.0.1.0";

    private final Topic topic;
    private final EncodedEvent good;
    private final String type;
    private final List<BadRecord> all = new ArrayList<>();

    /** One record, and whether a consumer must keep it as a dead letter; one that is not kept so is only counted. */
    public record BadRecord(String name, ProducerRecord<String, byte[]> record, boolean buried) {

        @Override
        public String toString() {
            return name;
        }
    }

    private BadRecords(Topic topic, Envelope envelope) {
        this.topic = topic;
        this.good = CODEC.encode(topic, envelope);
        this.type = envelope.type();
    }

    /** What can be wrong with a record whatever its key. */
    public static List<BadRecord> unreadable(Topic topic, Envelope good) {
        BadRecords records = new BadRecords(topic, good);
        records.bury("no value", Map.of(), null);
        records.bury("an empty value", Map.of(), new byte[0]);
        records.bury("random bytes", Map.of(), random());
        records.bury(
                "half of it",
                Map.of(),
                new String(records.good.value(), StandardCharsets.UTF_8)
                        .substring(0, records.good.value().length / 2)
                        .getBytes(StandardCharsets.UTF_8));
        records.bury("no CDEvent", Map.of(), bytes("{\"hello\":\"world\"}"));
        records.bury("nesting without end", Map.of(), bytes("[".repeat(10_000)));
        records.bury("another type in its header", Map.of("ce_type", records.type + "9"), records.good.value());
        records.bury("another id in its header", Map.of("ce_id", "another"), records.good.value());
        records.bury("nothing of its record", Map.of(), records.changed(records.type, true));
        records.bury("a version of tomorrow", records.typed("9.0.0"), records.changed(records.named("9.0.0"), false));
        records.all.add(new BadRecord(
                "a type of tomorrow",
                records.record(Map.of("ce_type", OF_TOMORROW), records.changed(OF_TOMORROW, false)),
                false));
        return List.copyOf(records.all);
    }

    /** What can be wrong with the key of a record that is right otherwise; Kafka itself refuses compacted ones without. */
    public static List<BadRecord> misplaced(Topic topic, Envelope good) {
        EncodedEvent encoded = CODEC.encode(topic, good);
        List<BadRecord> records = new ArrayList<>();
        records.add(new BadRecord(
                "another key", TestLog.record(topic, encoded.key() + "-x", encoded.headers(), encoded.value()), true));
        if (!topic.configs().get("cleanup.policy").equals("compact")) {
            records.add(new BadRecord("no key", TestLog.record(topic, null, encoded.headers(), encoded.value()), true));
        }
        return records;
    }

    /** The same event as a newer Flujo may write it, which this one must take: a newer minor version with one more field. */
    public static BadRecord newer(Topic topic, Envelope good) {
        BadRecords records = new BadRecords(topic, good);
        return new BadRecord(
                "a newer minor version",
                records.record(records.typed("0.99.0"), records.changed(records.named("0.99.0"), false)),
                false);
    }

    /**
     * Writes the records and waits until the service has dealt with them: each is a dead letter with a reason, or counted;
     * and once by each of the topic's consumers.
     */
    public static void checkBuried(TestLog log, TestClient client, Topic topic, List<BadRecord> bad, int consumers) {
        List<BadRecord> buried = bad.stream().filter(BadRecord::buried).toList();
        int letters = consumers * buried.size();
        int unknown = consumers * (bad.size() - buried.size());
        String counter = "flujo_events_unknown_total{topic=\"" + topic.topicName() + "\"";
        double counted = client.metric(counter).orElse(0.0);
        int before = log.records(topic.deadLetterName()).size();

        bad.forEach(record -> log.write(record.record()));

        Await.until(PATIENCE, () -> client.metric(counter).orElse(0.0) >= counted + unknown);
        Await.until(PATIENCE, () -> log.records(topic.deadLetterName()).size() >= before + letters);
        List<ConsumerRecord<String, byte[]>> all = log.records(topic.deadLetterName());
        List<String> reasons = all.subList(before, all.size()).stream()
                .map(letter -> TestLog.texts(letter.headers()).getOrDefault("flujo-reason", "none"))
                .toList();
        double newlyCounted = client.metric(counter).orElse(0.0) - counted;
        if (reasons.size() != letters
                || !reasons.stream().allMatch(reason -> reason.startsWith("Expected "))
                || newlyCounted != unknown) {
            throw new AssertionError("Expected on " + topic.deadLetterName() + " " + buried + " and " + unknown
                    + " counted, but found " + reasons + " and " + newlyCounted);
        }
    }

    private void bury(String name, Map<String, String> changedHeaders, byte[] value) {
        all.add(new BadRecord(name, record(changedHeaders, value), true));
    }

    private ProducerRecord<String, byte[]> record(Map<String, String> changedHeaders, byte[] value) {
        Map<String, String> headers = new HashMap<>(good.headers());
        headers.putAll(changedHeaders);
        return TestLog.record(topic, good.key(), headers, value);
    }

    private Map<String, String> typed(String version) {
        return Map.of("ce_type", named(version));
    }

    private String named(String version) {
        return type.replaceFirst("\\d+\\.\\d+\\.\\d+$", version);
    }

    /** The event under another type, with a field that nobody knows; or with nothing but that field. */
    private byte[] changed(String newType, boolean emptied) {
        try {
            ObjectNode root = (ObjectNode) JSON.readTree(good.value());
            ((ObjectNode) root.path("context")).put("type", newType);
            for (ObjectNode part : List.of((ObjectNode) root.path("subject").path("content"), data(root))) {
                String project = part.path("project").asText();
                if (emptied) {
                    part.removeAll().put("project", project);
                }
                part.put("fieldOfTomorrow", 1);
            }
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException("Expected an event as JSON, but " + e.getMessage(), e);
        }
    }

    private static ObjectNode data(ObjectNode root) {
        return root.path("customData") instanceof ObjectNode data
                ? data
                : (ObjectNode) root.path("subject").path("content");
    }

    private static byte[] random() {
        byte[] bytes = new byte[256];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

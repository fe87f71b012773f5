package dev.flujo.pipeline.messaging;

import dev.flujo.event.Decoded;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The records that could not be read or handled, as their topics keep them: each with the reason, for ever. */
@ApplicationScoped
public class DeadLetters {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int AT_ONCE = 200;
    private static final int MOST_SHOWN = 16_384;
    private static final String WHAT = "dead letters";

    private final SideConsumers consumers;
    private final EventCodec codec;

    DeadLetters(SideConsumers consumers, EventCodec codec) {
        this.consumers = consumers;
        this.codec = codec;
    }

    /**
     * One dead letter.
     *
     * @param topic the topic that it was on
     * @param offset its number among the dead letters of that topic
     * @param headers all of them, also the reason and where it lay
     * @param bytes how long it is
     * @param body its beginning as text
     * @param now what reading it gives today
     */
    public record Letter(
            Topic topic,
            long offset,
            Instant at,
            Optional<String> key,
            Map<String, String> headers,
            int bytes,
            String body,
            Decoded now) {

        /** Why it is here. */
        public String reason() {
            return headers.getOrDefault(EventRecords.REASON_HEADER, "not said");
        }
    }

    /**
     * How many places for records the dead letters of each topic take; not exactly how many there are, since marks of
     * transactions take places too. Topics without any are left out.
     *
     * @throws Problem (503) when Kafka is away
     */
    public Map<Topic, Long> places() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumers.open()) {
            Map<Topic, Long> places = new EnumMap<>(Topic.class);
            Map<TopicPartition, Topic> all = new HashMap<>();
            for (Topic topic : Topic.values()) {
                all.put(place(topic), topic);
            }
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(all.keySet(), SideConsumers.PATIENCE);
            consumer.endOffsets(all.keySet(), SideConsumers.PATIENCE).forEach((place, end) -> {
                if (end > begins.get(place)) {
                    places.put(all.get(place), end - begins.get(place));
                }
            });
            return places;
        } catch (KafkaException e) {
            throw SideConsumers.away(WHAT, e);
        }
    }

    /**
     * The dead letters of a topic that have lower numbers than this, the newest first.
     *
     * @throws Problem (503) when Kafka is away
     */
    public List<Letter> before(Topic topic, long number, int most) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumers.open()) {
            TopicPartition place = place(topic);
            consumer.assign(List.of(place));
            long begin = consumer.beginningOffsets(List.of(place), SideConsumers.PATIENCE)
                    .get(place);
            long end = Math.min(
                    number,
                    consumer.endOffsets(List.of(place), SideConsumers.PATIENCE).get(place));
            List<Letter> found = new ArrayList<>();
            while (end > begin && found.size() < most) {
                long from = Math.max(begin, end - AT_ONCE);
                List<Letter> part = read(consumer, topic, from, end);
                Collections.reverse(part);
                found.addAll(part);
                end = from;
            }
            return found.stream().limit(most).toList();
        } catch (KafkaException e) {
            throw SideConsumers.away(WHAT, e);
        }
    }

    /**
     * The dead letter of a topic with this number.
     *
     * @throws Problem (503) when Kafka is away
     */
    public Optional<Letter> find(Topic topic, long number) {
        return before(topic, number + 1, 1).stream()
                .filter(letter -> letter.offset() == number)
                .findFirst();
    }

    private List<Letter> read(KafkaConsumer<byte[], byte[]> consumer, Topic topic, long from, long end) {
        TopicPartition place = place(topic);
        consumer.seek(place, from);
        List<Letter> letters = new ArrayList<>();
        while (consumer.position(place, SideConsumers.PATIENCE) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end) {
                    letters.add(letter(topic, record));
                }
            }
        }
        return letters;
    }

    private Letter letter(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        Optional<String> key =
                Optional.ofNullable(record.key()).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        Map<String, String> headers = new TreeMap<>(EventRecords.headers(record.headers()));
        Decoded now = codec.decode(topic, key.orElse(null), headers, record.value());
        Instant at = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
        byte[] value = record.value() == null ? new byte[0] : record.value();
        String body = new String(value, 0, Math.min(MOST_SHOWN, value.length), StandardCharsets.UTF_8);
        return new Letter(topic, record.offset(), at, key, headers, value.length, body, now);
    }

    /** Dead letters of a topic lie in one partition. */
    private static TopicPartition place(Topic topic) {
        return new TopicPartition(topic.deadLetterName(), 0);
    }
}

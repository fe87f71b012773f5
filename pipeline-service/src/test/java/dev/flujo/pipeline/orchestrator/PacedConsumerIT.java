package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads from a real broker, by a clock that only the test sets. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
@Timeout(60)
class PacedConsumerIT {

    private static final int MANY = 1000;
    private static final int PORTION = 100;
    private static final int PER_SECOND = 500;
    private static final Duration FOR_A_PORTION = Duration.ofMillis(200);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String servers = TestServers.shared().kafka().bootstrapServers();
    private final TopicPartition paced = new TopicPartition("paced-" + UUID.randomUUID(), 0);
    private final TopicPartition other = new TopicPartition("other-" + UUID.randomUUID(), 0);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final List<String> read = new ArrayList<>();
    private final List<String> readOfOther = new ArrayList<>();
    private KafkaProducer<byte[], byte[]> producer;
    private PacedConsumer consumer;

    @BeforeEach
    void begin() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(
                            new NewTopic(paced.topic(), 1, (short) 1), new NewTopic(other.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
        // One request after the other: of several to a topic that has only just been made, the first may be refused,
        // and the
        // others are then refused for ever, since they are out of order.
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        IntStream.range(0, MANY).forEach(number -> write(paced, "commit " + number));
        producer.flush();
        consumer = new PacedConsumer(
                Map.of("bootstrap.servers", servers, "max.poll.records", PORTION),
                paced.topic(),
                PER_SECOND,
                nanos::get);
        consumer.assign(List.of(paced, other));
        consumer.seekToBeginning(List.of(paced, other));
    }

    @AfterEach
    void end() {
        consumer.close();
        producer.close();
    }

    @Test
    void readsWhatIsPacedPortionByPortionInOrder() {
        for (int portions = 1; portions <= MANY / PORTION; portions++) {
            readUntil(portions * PORTION);
            readOnce();
            assertEquals(portions * PORTION, read.size(), "no more before its time");
            nanos.addAndGet(FOR_A_PORTION.toNanos());
        }

        assertEquals(
                IntStream.range(0, MANY).mapToObj(number -> "commit " + number).toList(), read);
    }

    @Test
    void readsTheOthersMeanwhileAndSaysThatNothingElseIsToBeWaitedFor() {
        readUntil(PORTION);
        write(other, "command");

        while (readOfOther.isEmpty()) {
            readOnce();
        }

        assertEquals(List.of("command"), readOfOther);
        assertEquals(PORTION, read.size());
        assertEquals(0, consumer.currentLag(paced).orElseThrow());
    }

    @Test
    void leavesPausedWhatOthersHavePaused() {
        readUntil(PORTION);
        consumer.pause(List.of(paced));
        nanos.addAndGet(FOR_A_PORTION.toNanos());
        readOnce();
        readOnce();
        assertEquals(PORTION, read.size());

        consumer.resume(List.of(paced));

        readUntil(2 * PORTION);
    }

    @Test
    void knowsNothingMoreOfAPartitionThatWasGivenAwayAndCameBack() {
        readUntil(PORTION);
        consumer.pause(List.of(paced));
        consumer.assign(List.of(other));
        consumer.assign(List.of(paced, other));
        consumer.seek(paced, PORTION);

        for (int portions = 2; portions <= 5; portions++) {
            nanos.addAndGet(FOR_A_PORTION.toNanos());
            readUntil(portions * PORTION);
        }
    }

    @Test
    void holdsBackWhatOthersResume() {
        readUntil(PORTION);
        consumer.pause(List.of(paced));
        consumer.resume(List.of(paced));
        readOnce();
        readOnce();
        assertEquals(PORTION, read.size());

        nanos.addAndGet(FOR_A_PORTION.toNanos());

        readUntil(2 * PORTION);
    }

    @Test
    void readsAtOnceWhatComesNowAndThen() {
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        consumer.seek(paced, MANY - 40L);
        readUntil(40);
        IntStream.range(0, 10).forEach(number -> write(paced, "late " + number));

        readUntil(50);
    }

    private void readUntil(int count) {
        while (read.size() < count) {
            readOnce();
        }
        assertEquals(count, read.size());
    }

    private void readOnce() {
        consumer.poll(POLL).forEach(record -> (record.topic().equals(paced.topic()) ? read : readOfOther)
                .add(new String(record.value(), StandardCharsets.UTF_8)));
    }

    private void write(TopicPartition to, String text) {
        producer.send(new ProducerRecord<>(to.topic(), text.getBytes(StandardCharsets.UTF_8)));
    }
}

package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record of which the service dies each time that it is judged: it overflows the stack, or the memory. */
class DeadlyRecordTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final String BURIED = Topic.COMMITS.topicName() + ".dead-letter";

    @TempDir
    private Path directory;

    private final EventCodec codec = new EventCodec();
    private final List<String> judged = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    @Test
    void isPutAsideAfterThreeDeathsAndTheNextOneIsJudged() {
        for (int life = 0; life < InHand.MOST_DEATHS; life++) {
            try (TopologyTestDriver driver = life(new StackOverflowError())) {
                assertThrows(Throwable.class, () -> push(driver, "deadly"));
            }
        }

        try (TopologyTestDriver driver = life(new StackOverflowError())) {
            push(driver, "deadly");
            push(driver, "good");

            TestRecord<byte[], byte[]> letter = driver.createOutputTopic(
                            BURIED, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecord();
            String reason = new String(
                    letter.headers().lastHeader(EventRecords.REASON_HEADER).value(), StandardCharsets.UTF_8);
            assertEquals("Expected to judge an event, but 3 lives of a task have ended while they did", reason);
            assertEquals(List.of(reason), failures);
        }
        assertEquals(List.of("good"), judged);
    }

    @Test
    void isNotSuspectedOfWhatIsKafkasDoing() {
        for (int life = 0; life <= InHand.MOST_DEATHS; life++) {
            try (TopologyTestDriver driver = life(new ProducerFencedException("somebody else has the task"))) {
                assertThrows(Throwable.class, () -> push(driver, "deadly"));
            }
        }

        assertEquals(List.of(), failures);
        assertTrue(judged.isEmpty());
    }

    private void push(TopologyTestDriver driver, String branch) {
        CommitPushed push = new CommitPushed(
                "shop", branch, "abc", Optional.empty(), Optional.empty(), Optional.empty(), "ana", NOW);
        EncodedEvent encoded =
                codec.encode(Topic.COMMITS, Envelope.of(branch, URI.create("/forge"), NOW, new UUID(0, 1), push));
        driver.createInputTopic(Topic.COMMITS.topicName(), new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(
                        encoded.key().getBytes(StandardCharsets.UTF_8),
                        encoded.value(),
                        EventRecords.headers(encoded),
                        NOW));
    }

    /** A life of the service, which ends of a commit on the branch "deadly". */
    private TopologyTestDriver life(Throwable end) {
        Topology topology = new Topology();
        topology.addSource("from", new ByteArrayDeserializer(), new ByteArrayDeserializer(), Topic.COMMITS.topicName());
        topology.addProcessor("judge", () -> new Mortal(end), "from");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("store"), Serdes.String(), Serdes.ByteArray()),
                "judge");
        topology.addSink(
                EventProcessor.DEAD_LETTERS, BURIED, new ByteArraySerializer(), new ByteArraySerializer(), "judge");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "mortal");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
        return new TopologyTestDriver(topology, properties, NOW);
    }

    private final class Mortal extends EventProcessor {

        private final Throwable end;

        Mortal(Throwable end) {
            super(
                    codec,
                    new Rows(codec.mapper()),
                    new OrchestratorMeters(new SimpleMeterRegistry()),
                    new SettableClock(),
                    "store",
                    task -> InHandFile.open(directory.resolve("in-hand"), task));
            this.end = end;
        }

        @Override
        List<Output> judge(Envelope envelope) {
            if (envelope.event() instanceof CommitPushed push && push.branch().equals("deadly")) {
                if (end instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) end;
            }
            judged.add(envelope.id());
            return List.of();
        }

        @Override
        List<Output> failed(Envelope envelope, RuntimeException failure) {
            failures.add(failure.getMessage());
            return List.of();
        }

        @Override
        void leapt(Duration leap) {}
    }
}

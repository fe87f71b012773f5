package dev.flujo.kit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.RunEvent;
import dev.flujo.event.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventConsumerTest {

    private static final EventCodec CODEC = new EventCodec();

    private final List<String> buried = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private EventConsumer consumer;

    @TempDir
    private Path directory;

    @BeforeEach
    void nextLife() {
        consumer = new EventConsumer(
                CODEC, new Undertaker(), new TransientFailure.ByName(), meters, () -> directory.resolve("in-hand"));
    }

    @Test
    void handsKnownEventsOn() {
        List<Envelope> handled = new ArrayList<>();

        consumer.consume(record("shop"), handled::add);

        assertEquals(List.of(started()), handled);
    }

    @Test
    void triesAgainInPlaceWhatWillPass() {
        List<Envelope> handled = new ArrayList<>();

        consumer.consume(record("shop"), envelope -> {
            handled.add(envelope);
            if (handled.size() < 5) {
                throw new UncheckedIOException(new IOException("the database is away"));
            }
        });

        assertEquals(5, handled.size());
        assertEquals(List.of(), buried);
    }

    @Test
    void buriesWhatFailsThreeTimesForGood() {
        List<Envelope> handled = new ArrayList<>();

        consumer.consume(record("shop"), envelope -> {
            handled.add(envelope);
            throw new IllegalArgumentException("too odd");
        });

        assertEquals(EventConsumer.TRIES, handled.size());
        assertTrue(buried.get(0).contains("too odd"), buried.toString());
    }

    @Test
    void buriesWhatOverflowsTheStackEachTime() {
        List<Envelope> handled = new ArrayList<>();

        consumer.consume(record("shop"), envelope -> {
            handled.add(envelope);
            throw new StackOverflowError();
        });

        assertEquals(EventConsumer.TRIES, handled.size());
        assertTrue(buried.get(0).contains("StackOverflowError"), buried.toString());
    }

    @Test
    void buriesWhatCannotBeReadWithTheReason() {
        consumer.consume(record("store"), envelope -> {
            throw new AssertionError("not reached");
        });

        assertTrue(buried.get(0).startsWith("flujo.runs.dead-letter Expected the key 'shop'"), buried.toString());
    }

    @Test
    void leavesWhatSaysThatItIsOfAnotherTypeToOthersUnread() {
        List<Envelope> handled = new ArrayList<>();

        consumer.read(record("shop"), RunEvent.RunStarted.class, handled::add);
        consumer.read(record("store"), RunEvent.RunFinished.class, handled::add);

        assertEquals(List.of(started()), handled);
        assertEquals(List.of(), buried);
    }

    @Test
    void buriesWhatDoesNotSayOfWhichTypeItIs() {
        ConsumerRecord<String, byte[]> without = record("shop");
        without.headers().remove("ce_type");
        ConsumerRecord<String, byte[]> empty = record("shop");
        empty.headers().remove("ce_type").add("ce_type", null);

        for (ConsumerRecord<String, byte[]> record : List.of(without, empty)) {
            consumer.read(record, RunEvent.RunFinished.class, envelope -> {
                throw new AssertionError("not reached");
            });
        }

        assertEquals(2, buried.size());
    }

    @Test
    void saysAtItsStartWhereItCannotNoteWhatItHasInHand() throws IOException {
        Path file = Files.writeString(directory.resolve("in-hand"), "");

        UncheckedIOException refused =
                assertThrows(UncheckedIOException.class, () -> consumer.atStart(new StartupEvent()));

        assertTrue(
                refused.getMessage()
                        .startsWith(
                                "Expected to keep notes of what is in hand in " + file + " (FLUJO_IN_HAND_DIRECTORY)"),
                refused.getMessage());
    }

    @Test
    void buriesTheRecordOfWhichThreeLivesEnded() {
        List<Envelope> handled = new ArrayList<>();
        for (int life = 0; life < 3; life++) {
            assertThrows(
                    OutOfMemoryError.class,
                    () -> consumer.take(alone(record("shop")), batch -> {
                        throw new OutOfMemoryError("as if");
                    }));
            nextLife();
        }

        consumer.take(
                alone(record("shop")),
                batch -> consumer.consume(batch.iterator().next(), handled::add));

        assertEquals(List.of(), handled);
        assertTrue(buried.get(0).contains("3 lives of the service have ended"), buried.toString());
    }

    @Test
    void doesNotSuspectARecordThatWaitsForTheDatabase() {
        List<Envelope> handled = new ArrayList<>();
        for (int life = 0; life < 3; life++) {
            EventConsumer killed = consumer;
            assertThrows(
                    OutOfMemoryError.class,
                    () -> killed.take(
                            alone(record("shop")),
                            batch -> killed.handle(batch.iterator().next(), new Runnable() {
                                private int tries;

                                @Override
                                public void run() {
                                    if (++tries == 1) {
                                        throw new UncheckedIOException(new IOException("the database is away"));
                                    }
                                    throw new OutOfMemoryError("as if it were killed while it waits");
                                }
                            })));
            nextLife();
        }

        consumer.take(
                alone(record("shop")),
                batch -> consumer.consume(batch.iterator().next(), handled::add));

        assertEquals(List.of(started()), handled);
        assertEquals(List.of(), buried);
    }

    @Test
    void neitherTriesAgainNorBuriesOnceTheServiceIsBeingStopped() {
        List<Envelope> handled = new ArrayList<>();
        consumer.atStop(new ShutdownEvent());

        assertThrows(
                IllegalStateException.class,
                () -> consumer.consume(record("shop"), envelope -> {
                    handled.add(envelope);
                    throw new IllegalStateException("Session is closed");
                }));

        assertEquals(1, handled.size());
        assertEquals(List.of(), buried);
    }

    private static Envelope started() {
        RunEvent.RunStarted event = new RunEvent.RunStarted("shop", new UUID(1, 2), "main");
        return new Envelope("event-1", URI.create("/test"), Instant.EPOCH, new UUID(3, 4), 2, event);
    }

    private static ConsumerRecord<String, byte[]> record(String key) {
        EncodedEvent encoded = CODEC.encode(Topic.RUNS, started());
        Headers headers = EventRecords.headers(encoded);
        return new ConsumerRecord<>(
                Topic.RUNS.topicName(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                encoded.value(),
                headers,
                Optional.empty());
    }

    private static ConsumerRecords<String, byte[]> alone(ConsumerRecord<String, byte[]> record) {
        return new ConsumerRecords<>(
                Map.of(new TopicPartition(record.topic(), record.partition()), List.of(record)), Map.of());
    }

    /** Takes dead letters without a broker: this test is about what is buried, not about sending. */
    private final class Undertaker extends EventPublisher {

        Undertaker() {
            super(null, CODEC, null);
        }

        @Override
        Uni<Void> bury(String topic, String key, Headers headers, byte[] value) {
            String reason =
                    new String(headers.lastHeader(EventRecords.REASON_HEADER).value(), StandardCharsets.UTF_8);
            buried.add(topic + " " + reason);
            return Uni.createFrom().voidItem();
        }
    }
}

package dev.flujo.kit.event;

import dev.flujo.event.Decoded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.EventTypes;
import dev.flujo.event.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jboss.logging.Logger;

/**
 * The way of every consumed record: decoded, then handled in order. Unknown types are counted; what cannot be read, or
 * fails its handler {@value #TRIES} times for a reason that will not pass, becomes a dead letter with the reason; while the
 * database is away the same record is tried again for as long as that lasts, and nothing overtakes it.
 */
@ApplicationScoped
public class EventConsumer {

    static final int TRIES = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What the thread is handling a batch with. */
    private static final ThreadLocal<BatchInHand> MINE = new ThreadLocal<>();

    private static final Logger LOG = Logger.getLogger(EventConsumer.class);

    private final EventCodec codec;
    private final EventPublisher publisher;
    private final TransientFailure transientFailure;
    private final MeterRegistry meters;
    private final Path notes;
    private final Map<String, BatchInHand> inHand = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    EventConsumer(
            EventCodec codec,
            EventPublisher publisher,
            TransientFailure transientFailure,
            MeterRegistry meters,
            InHandConfig config) {
        this.codec = codec;
        this.publisher = publisher;
        this.transientFailure = transientFailure;
        this.meters = meters;
        this.notes = config.directory();
    }

    /** What cannot be noted is to be known before there is anything to note. */
    void atStart(@Observes @Priority(0) StartupEvent start) {
        try {
            Files.createDirectories(notes);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Expected to keep notes of what is in hand in " + notes + " (FLUJO_IN_HAND_DIRECTORY), but " + e,
                    e);
        }
    }

    /** From now on nothing is tried again and nothing buried: what fails may fail because the service is being stopped. */
    void atStop(@Observes ShutdownEvent stop) {
        stopping.countDown();
    }

    /**
     * Has a batch of the one reader of its topic handled, whole as long as no life of this service has ended with it, and with each record
     * alone after that. A record with which {@value BatchInHand#MOST_DEATHS} lives in a row have ended is a dead letter. Must not run on
     * an event loop.
     */
    public void take(ConsumerRecords<String, byte[]> batch, Consumer<ConsumerRecords<String, byte[]>> handler) {
        if (batch.isEmpty()) {
            return;
        }
        BatchInHand note =
                inHand.computeIfAbsent(batch.iterator().next().topic(), topic -> BatchInHand.open(notes, topic));
        MINE.set(note);
        try {
            note.handle(
                    batch,
                    handler,
                    (record, deaths) -> bury(
                            record,
                            "Expected to handle an event, but " + deaths
                                    + " lives of the service have ended while they did"));
        } finally {
            MINE.remove();
        }
    }

    /** Handles one record. */
    public void consume(ConsumerRecord<String, byte[]> record, Consumer<Envelope> handler) {
        read(record, envelope -> handle(record, () -> handler.accept(envelope)));
    }

    /** Decodes one record and passes it on if it is known; the rest is counted or buried here. */
    public void read(ConsumerRecord<String, byte[]> record, Consumer<Envelope> known) {
        Decoded decoded = decode(record);
        if (decoded instanceof Decoded.Known event) {
            known.accept(event.envelope());
            return;
        }
        if (decoded instanceof Decoded.Unknown unknown) {
            meters.counter("flujo.events.unknown", "topic", record.topic()).increment();
            LOG.debugf("skipped an event of the unknown type %s", unknown.type());
            return;
        }
        if (decoded instanceof Decoded.Malformed malformed) {
            bury(record, malformed.reason());
            return;
        }
        throw new AssertionError("unhandled " + decoded);
    }

    /** The same for who wants events of one type only: what says that it is of another is left to those who want it, unread. */
    public void read(ConsumerRecord<String, byte[]> record, Class<? extends Event> type, Consumer<Envelope> known) {
        String said = EventRecords.headers(record.headers()).get("ce_type");
        if (said == null || EventTypes.names(said, type)) {
            read(record, known);
        }
    }

    /** Runs the action until it succeeds or will never do; then the record it was for is a dead letter. */
    public void handle(ConsumerRecord<String, byte[]> record, Runnable action) {
        Duration pause = FIRST_PAUSE;
        int tries = 0;
        while (true) {
            try {
                action.run();
                return;
            } catch (RuntimeException | StackOverflowError e) {
                refuseIfStopping(e);
                boolean passes = transientFailure.passes(e);
                tries = passes ? tries : tries + 1;
                if (passes && MINE.get() != null) {
                    MINE.get().passes();
                }
                if (tries >= TRIES) {
                    LOG.errorf(e, "gave up record %s-%d@%d", record.topic(), record.partition(), record.offset());
                    bury(record, "Expected to handle the event, but " + e);
                    return;
                }
                meters.counter("flujo.events.retried", "topic", record.topic()).increment();
                LOG.warnf("will try record %s-%d@%d again: %s", record.topic(), record.partition(), record.offset(), e);
                pause = pauseFor(pause);
            }
        }
    }

    /** Puts the record on the dead letters of its topic; does not return before it is there. */
    public void bury(ConsumerRecord<String, byte[]> record, String reason) {
        Headers headers = new RecordHeaders(record.headers());
        headers.add(EventRecords.REASON_HEADER, reason.getBytes(StandardCharsets.UTF_8));
        headers.add(
                "flujo-origin",
                (record.topic() + "-" + record.partition() + "@" + record.offset()).getBytes(StandardCharsets.UTF_8));
        String topic = record.topic() + ".dead-letter";
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                publisher
                        .bury(topic, record.key(), headers, record.value())
                        .await()
                        .atMost(Duration.ofSeconds(25));
                meters.counter("flujo.events.dead.letters", "topic", record.topic())
                        .increment();
                LOG.warnf("dead letter from %s: %s", record.topic(), reason);
                return;
            } catch (RuntimeException e) {
                refuseIfStopping(e);
                meters.counter("flujo.dead.letters.refused", "topic", record.topic())
                        .increment();
                LOG.errorf("could not write a dead letter to %s and will try again: %s", topic, e);
                pause = pauseFor(pause);
            }
        }
    }

    private Decoded decode(ConsumerRecord<String, byte[]> record) {
        return Topic.named(record.topic())
                .map(topic -> codec.decode(topic, record.key(), EventRecords.headers(record.headers()), record.value()))
                .orElseGet(() -> codec.decode(EventRecords.headers(record.headers()), record.value()));
    }

    private Duration pauseFor(Duration pause) {
        try {
            if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                refuseIfStopping(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopped(e);
        }
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }

    private void refuseIfStopping(Throwable failure) {
        if (stopping.getCount() == 0) {
            throw stopped(failure);
        }
    }

    /** Ends the handling of a record without acknowledging it: the next process that reads the topic gets it again. */
    private static IllegalStateException stopped(Throwable cause) {
        return new IllegalStateException("Expected to go on with the record, but the service is being stopped", cause);
    }
}

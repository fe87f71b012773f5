package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Decoded;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;

/**
 * The edge of a processor: bytes in, events out. What cannot be read or judged goes to the dead letters in the same
 * transaction, and nothing else of that record is kept or sent.
 */
abstract class EventProcessor extends ContextualProcessor<byte[], byte[], byte[], byte[]> {

    /** The sink for records that could not be read or judged. */
    static final String DEAD_LETTERS = "dead-letters";

    private static final Logger LOG = Logger.getLogger(EventProcessor.class);

    /** A record that comes later than this is one of many, which share a transaction. */
    private static final long LATE_MILLIS = 25;

    /** Where the note of the clock lies in the store. */
    private static final String CLOCK = "clock";

    private final EventCodec codec;
    private final Rows rows;
    private final OrchestratorMeters meters;
    private final WallClock clock;
    private final String storeName;
    private final Function<String, InHand> notes;
    private InHand inHand;
    private KeyValueStore<String, byte[]> store;
    private Optional<WallClock.Note> noted;
    private Duration ahead;
    private boolean late;

    /**
     * @param storeName of the store that has all times which move with the clock
     * @param notes opens the note of a task of the record that it has in hand
     */
    EventProcessor(
            EventCodec codec,
            Rows rows,
            OrchestratorMeters meters,
            WallClock clock,
            String storeName,
            Function<String, InHand> notes) {
        this.codec = codec;
        this.rows = rows;
        this.meters = meters;
        this.clock = clock;
        this.storeName = storeName;
        this.notes = notes;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        inHand = notes.apply(storeName + "-" + context.taskId());
        store = context.getStateStore(storeName);
        noted = Optional.ofNullable(store.get(CLOCK))
                .map(bytes -> rows.read(bytes, WallClock.Note.class))
                .filter(note -> note.life().equals(clock.life()));
        ahead = noted.map(WallClock.Note::ahead).orElseGet(clock::ahead);
    }

    /** Judges an event: gives what is to be sent, and keeps the state that follows. */
    abstract List<Output> judge(Envelope envelope);

    /** Told when an event could not be judged, before anything else is read. */
    abstract List<Output> failed(Envelope envelope, RuntimeException failure);

    /** Told that the wall clock was set, before anything else happens: whatever is measured by it moves with it. */
    abstract void leapt(Duration leap);

    @Override
    public void close() {
        inHand.close();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata place = context().recordMetadata().orElseThrow();
        int deaths = inHand.take(place.topic(), place.offset());
        try {
            process(record, deaths);
        } catch (KafkaException e) {
            // Kafka is away, or has given the task to somebody else: that is not the record's doing.
            inHand.done();
            throw e;
        }
        inHand.done();
    }

    private void process(Record<byte[], byte[]> record, int deaths) {
        Duration wallAhead = lookAtClock();
        late = context().currentSystemTimeMs() + wallAhead.toMillis() - record.timestamp() > LATE_MILLIS;
        Topic topic =
                Topic.named(context().recordMetadata().orElseThrow().topic()).orElseThrow();
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        Decoded decoded = codec.decode(topic, key, EventRecords.headers(record.headers()), record.value());
        if (decoded instanceof Decoded.Known known) {
            if (deaths < InHand.MOST_DEATHS) {
                judge(record, known.envelope());
            } else {
                putAside(record, topic, known.envelope(), deaths);
            }
            return;
        }
        if (decoded instanceof Decoded.Unknown unknown) {
            meters.unknown(topic, unknown.type());
            return;
        }
        if (decoded instanceof Decoded.Malformed malformed) {
            bury(record, topic, malformed.reason());
            return;
        }
        throw new AssertionError("unhandled " + decoded);
    }

    private void judge(Record<byte[], byte[]> record, Envelope envelope) {
        try {
            send(judge(envelope));
        } catch (IllegalStateException | IllegalArgumentException | NullPointerException e) {
            LOG.errorf(e, "could not judge %s", envelope);
            Topic topic = Topic.named(context().recordMetadata().orElseThrow().topic())
                    .orElseThrow();
            bury(record, topic, "Expected an event that can be judged, but " + e);
            send(failed(envelope, e));
        }
    }

    /** What even putting it aside has ended is only buried. */
    private void putAside(Record<byte[], byte[]> record, Topic topic, Envelope envelope, int deaths) {
        String reason = "Expected to judge an event, but " + deaths + " lives of a task have ended while they did";
        LOG.errorf("%s: %s", reason, envelope);
        bury(record, topic, reason);
        if (deaths == InHand.MOST_DEATHS) {
            send(failed(envelope, new IllegalStateException(reason)));
        }
    }

    /**
     * Sends events to the sinks that are named after their topics. What somebody waits for is committed at once; the rest
     * goes with it, or with what comes in the next moments.
     */
    final void send(List<Output> outputs) {
        for (Output output : outputs) {
            EncodedEvent encoded = codec.encode(output.topic(), output.envelope());
            Headers headers = EventRecords.headers(encoded);
            byte[] key = encoded.key().getBytes(StandardCharsets.UTF_8);
            context()
                    .forward(
                            new Record<>(key, encoded.value(), now().toEpochMilli(), headers),
                            output.topic().topicName());
        }
        if (!late && outputs.stream().anyMatch(Output::urgent)) {
            context().commit();
        }
    }

    /**
     * To be called before anything is measured: sees whether the wall clock was set since the last look. A task that is closed
     * before it has committed that finds the old note, with the old times, in its next life in this process.
     *
     * @return how far the clock is ahead
     */
    final Duration lookAtClock() {
        Duration wallAhead = clock.ahead();
        Duration leap = wallAhead.minus(ahead);
        boolean leapt = leap.abs().compareTo(WallClock.LEAST) >= 0;
        if (leapt) {
            ahead = ahead.plus(leap);
            leapt(leap);
        }
        if (leapt || noted.isEmpty()) {
            noted = Optional.of(new WallClock.Note(clock.life(), ahead));
            store.put(CLOCK, rows.write(noted.get()));
            context().commit();
        }
        return wallAhead;
    }

    /** What the wall clock said at the last look, and the time since then. */
    final Instant now() {
        return Instant.ofEpochMilli(context().currentSystemTimeMs()).plus(ahead);
    }

    /** For measuring what passes while this process lives; no date. */
    final Duration steady() {
        return Duration.ofMillis(context().currentSystemTimeMs());
    }

    final OrchestratorMeters meters() {
        return meters;
    }

    final ProcessorContext<byte[], byte[]> streams() {
        return context();
    }

    private void bury(Record<byte[], byte[]> record, Topic topic, String reason) {
        meters.deadLetter(topic);
        LOG.warnf("dead letter from %s: %s", topic.topicName(), reason);
        Headers headers = new RecordHeaders(record.headers());
        headers.add(EventRecords.REASON_HEADER, reason.getBytes(StandardCharsets.UTF_8));
        headers.add("flujo-topic", topic.topicName().getBytes(StandardCharsets.UTF_8));
        context().forward(record.withHeaders(headers), DEAD_LETTERS);
    }
}

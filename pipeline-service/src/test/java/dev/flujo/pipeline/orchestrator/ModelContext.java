package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Topic;
import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What a processor sees of the model during one life of it: its store, the time, and where its output goes. */
final class ModelContext implements ProcessorContext<Object, Object> {

    private final MemoryStore store;
    private final ModelTopics topics;
    private final List<Sent> sent = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    private Topic topic;

    /** A record that counts with the commit. */
    record Sent(Topic topic, Record<byte[], byte[]> record) {}

    private static final class Timer {

        private final Duration interval;
        private final Punctuator callback;
        private Instant next;

        Timer(Duration interval, Punctuator callback, Instant next) {
            this.interval = interval;
            this.callback = callback;
            this.next = next;
        }
    }

    ModelContext(MemoryStore store, ModelTopics topics) {
        this.store = store;
        this.topics = topics;
    }

    /** The same, as processors want it. */
    @SuppressWarnings("unchecked")
    ProcessorContext<byte[], byte[]> ofBytes() {
        return (ProcessorContext<byte[], byte[]>) (ProcessorContext<?, ?>) this;
    }

    void reading(Topic from) {
        topic = from;
    }

    List<Sent> sent() {
        return sent;
    }

    /** Rings what is due; a time that was missed is not made up for. */
    void ring() {
        for (Timer timer : timers) {
            if (!timer.next.isAfter(topics.steady())) {
                timer.next = topics.steady().plus(timer.interval);
                timer.callback.punctuate(topics.steady().toEpochMilli());
            }
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <K, V> void forward(Record<K, V> record, String child) {
        Topic to = Topic.named(child).orElseThrow(() -> new AssertionError("a record went to " + child));
        Record<byte[], byte[]> bytes = (Record<byte[], byte[]>) (Record<?, ?>) record;
        topics.decided(bytes);
        sent.add(new Sent(to, bytes));
    }

    @Override
    public <K, V> void forward(Record<K, V> record) {
        throw new AssertionError("every output has a topic");
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <S extends StateStore> S getStateStore(String name) {
        return (S) store;
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        timers.add(new Timer(interval, callback, topics.steady().plus(interval)));
        return () -> {};
    }

    @Override
    public Cancellable schedule(Instant start, Duration interval, PunctuationType type, Punctuator callback) {
        return schedule(interval, type, callback);
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return Optional.of(new From(topic.topicName()));
    }

    private record From(String topic) implements RecordMetadata {

        @Override
        public int partition() {
            return 0;
        }

        @Override
        public long offset() {
            return 0;
        }
    }

    /** When a transaction ends is up to the model. */
    @Override
    public void commit() {}

    @Override
    public long currentSystemTimeMs() {
        return topics.steady().toEpochMilli();
    }

    @Override
    public long currentStreamTimeMs() {
        return currentSystemTimeMs();
    }

    @Override
    public String applicationId() {
        return "model";
    }

    @Override
    public TaskId taskId() {
        return new TaskId(0, 0);
    }

    @Override
    public Serde<?> keySerde() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Serde<?> valueSerde() {
        throw new UnsupportedOperationException();
    }

    @Override
    public File stateDir() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamsMetrics metrics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> appConfigs() {
        return Map.of();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        return Map.of();
    }
}

package dev.flujo.metrics.messaging;

import dev.flujo.event.Decoded;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.metrics.Fact;
import dev.flujo.metrics.Facts;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads the log from its first record to what was its last committed one when it began, beside the consumers and without
 * touching their places.
 */
@ApplicationScoped
class LogReader {

    private static final List<Topic> TOPICS = List.of(Topic.RUNS, Topic.DEPLOYS);
    private static final Logger LOG = Logger.getLogger(LogReader.class);

    private final Map<String, Object> broker;
    private final EventCodec codec;
    private final EventConsumer retries;
    private final Facts facts;

    LogReader(
            @Identifier("default-kafka-broker") Map<String, Object> broker,
            EventCodec codec,
            EventConsumer retries,
            Facts facts) {
        this.broker = broker;
        this.codec = codec;
        this.retries = retries;
        this.facts = facts;
    }

    /** Writes every fact of the log; tells how many records it has read, of how many. Ends early when interrupted. */
    void readAll(BiConsumer<Long, Long> progress) {
        try (Consumer<String, byte[]> consumer = open()) {
            List<TopicPartition> partitions = TOPICS.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long total = remaining(consumer, ends);
            long left = total;
            while (left > 0 && !Thread.currentThread().isInterrupted()) {
                List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                write(records);
                left = remaining(consumer, ends);
                progress.accept(total - left, total);
            }
        }
    }

    private void write(List<ConsumerRecord<String, byte[]>> records) {
        try {
            facts.put(records.stream().flatMap(record -> fact(record).stream()).toList())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            LOG.debugf(e, "a write failed and is tried again in place");
            for (ConsumerRecord<String, byte[]> record : records) {
                retries.handle(record, () -> fact(record)
                        .ifPresent(fact ->
                                facts.put(List.of(fact)).toCompletableFuture().join()));
            }
        }
    }

    /** What cannot be read has had its dead letter when it was consumed. */
    private Optional<Fact> fact(ConsumerRecord<String, byte[]> record) {
        Topic topic = Topic.named(record.topic()).orElseThrow();
        Decoded decoded = codec.decode(topic, record.key(), EventRecords.headers(record.headers()), record.value());
        return decoded instanceof Decoded.Known known && record.key() != null
                ? Fact.of(record.key(), known.envelope())
                : Optional.empty();
    }

    private static long remaining(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    private Consumer<String, byte[]> open() {
        Map<String, Object> settings = new HashMap<>(broker);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }
}

package dev.flujo.pipeline.messaging;

import dev.flujo.event.Decoded;
import dev.flujo.event.EventCodec;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.PipelineEvent.PipelineRead;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Follows the definitions of pipelines, and shares the topics that these wait for with the other replicas. A record counts
 * as heard when what follows from it is on the log.
 */
final class TopicSubscription implements AutoCloseable {

    /** Another name would start runs for records that have been heard already. */
    static final String GROUP = "flujo-triggers";

    private static final Duration BRIEF = Duration.ofMillis(100);

    private final EventCodec codec;
    private final TopicListener listener;
    private final TopicTriggers triggers = new TopicTriggers();
    private final KafkaConsumer<byte[], byte[]> definitions;
    private final KafkaConsumer<byte[], byte[]> records;
    private final Map<TopicPartition, Long> ends;
    private Set<String> subscribed = Set.of();

    TopicSubscription(String bootstrapServers, EventCodec codec, TopicListener listener) {
        this.codec = codec;
        this.listener = listener;
        this.definitions = consumer(bootstrapServers, Map.of());
        this.records = consumer(
                bootstrapServers,
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        GROUP,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        50));
        List<TopicPartition> partitions = definitions.partitionsFor(Topic.PIPELINES.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        definitions.assign(partitions);
        definitions.seekToBeginning(partitions);
        this.ends = definitions.endOffsets(partitions);
    }

    /** Hears what there is, for a moment. */
    void listen() {
        for (ConsumerRecord<byte[], byte[]> record : definitions.poll(subscribed.isEmpty() ? BRIEF : Duration.ZERO)) {
            define(record);
        }
        if (!caughtUp()) {
            return;
        }
        subscribe(triggers.topics());
        if (subscribed.isEmpty()) {
            return;
        }
        ConsumerRecords<byte[], byte[]> batch = records.poll(BRIEF);
        batch.forEach(record -> listener.hear(record, triggers));
        if (!batch.isEmpty()) {
            records.commitSync();
        }
    }

    @Override
    public void close() {
        definitions.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        records.close(CloseOptions.timeout(Duration.ofSeconds(2)));
    }

    private void define(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        Decoded decoded = codec.decode(Topic.PIPELINES, key, EventRecords.headers(record.headers()), record.value());
        if (decoded instanceof Decoded.Known known && known.envelope().event() instanceof PipelineDefined defined) {
            triggers.defined(defined);
        } else if (decoded instanceof Decoded.Known known && known.envelope().event() instanceof PipelineRead read) {
            triggers.defined(read.defined());
        } else if (decoded instanceof Decoded.Known known && known.envelope().event() instanceof PipelineGone gone) {
            triggers.gone(gone);
        }
    }

    /** Whether all definitions are known that there were at the beginning: before that, a record could be passed over. */
    private boolean caughtUp() {
        ends.entrySet().removeIf(end -> definitions.position(end.getKey()) >= end.getValue());
        return ends.isEmpty();
    }

    private void subscribe(Set<String> topics) {
        if (topics.equals(subscribed)) {
            return;
        }
        subscribed = topics;
        if (topics.isEmpty()) {
            records.unsubscribe();
        } else {
            records.subscribe(topics, new FirstOffsets());
        }
    }

    /** No record counts that came before a pipeline began to wait for its topic. */
    private final class FirstOffsets implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was heard is committed after each batch.
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed = records.committed(new HashSet<>(partitions));
            Map<TopicPartition, Long> last = records.endOffsets(partitions);
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition ->
                    times.put(partition, triggers.since(partition.topic()).toEpochMilli()));
            Map<TopicPartition, OffsetAndMetadata> later = new HashMap<>();
            records.offsetsForTimes(times).forEach((partition, found) -> {
                long first = found == null ? last.get(partition) : found.offset();
                OffsetAndMetadata heard = committed.get(partition);
                if (heard == null || heard.offset() < first) {
                    later.put(partition, new OffsetAndMetadata(first));
                    records.seek(partition, first);
                }
            });
            // At once: whoever takes the partition over before its first record begins here too.
            records.commitSync(later);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

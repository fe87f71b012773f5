package dev.flujo.pipeline.messaging;

import dev.flujo.event.Decoded;
import dev.flujo.event.EventCodec;
import dev.flujo.event.PipelineEvent;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.kit.event.TopicConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What lies on the log of definitions and may not be in the history yet, whichever replica took it in. */
@ApplicationScoped
public class DefinitionsAhead {

    private static final Duration TO_ANSWER = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Map<String, Object> config;
    private final int partitions;
    private final EventCodec codec;
    private KafkaConsumer<String, byte[]> consumer;

    DefinitionsAhead(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            @ConfigProperty(name = "mp.messaging.incoming.pipelines.group.id") String group,
            TopicConfig topics,
            EventCodec codec) {
        this.config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) TO_ANSWER.toMillis());
        this.partitions = topics.partitions();
        this.codec = codec;
    }

    /**
     * What was defined in the project since the history last said how far it is; some of it may be there already.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public synchronized List<PipelineEvent> of(String project) {
        if (consumer == null) {
            consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        }
        TopicPartition partition =
                new TopicPartition(Topic.PIPELINES.topicName(), EventRecords.partitionOfProject(project, partitions));
        consumer.assign(Set.of(partition));
        Optional<OffsetAndMetadata> read =
                Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition));
        consumer.seek(partition, read.map(OffsetAndMetadata::offset).orElse(0L));
        long end = consumer.endOffsets(Set.of(partition)).get(partition);
        long until = System.nanoTime() + TO_ANSWER.toNanos();
        List<PipelineEvent> ahead = new ArrayList<>();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > until) {
                throw new TimeoutException("Expected to read on to " + end + " of " + partition + " within "
                        + TO_ANSWER.toSeconds() + " s, but was at " + consumer.position(partition));
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                event(record).filter(event -> event.project().equals(project)).ifPresent(ahead::add);
            }
        }
        return ahead;
    }

    @PreDestroy
    synchronized void close() {
        if (consumer != null) {
            consumer.close();
        }
    }

    private Optional<PipelineEvent> event(ConsumerRecord<String, byte[]> record) {
        Decoded decoded =
                codec.decode(Topic.PIPELINES, record.key(), EventRecords.headers(record.headers()), record.value());
        return decoded instanceof Decoded.Known known && known.envelope().event() instanceof PipelineEvent event
                ? Optional.of(event)
                : Optional.empty();
    }
}

package dev.flujo.pipeline.messaging;

import dev.flujo.event.Decoded;
import dev.flujo.event.EventCodec;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Hears what the queues look like: every replica hears of all of them, from the beginning. */
@ApplicationScoped
public class QueueThread {

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration BRIEF = Duration.ofMillis(500);
    private static final Logger LOG = Logger.getLogger(QueueThread.class);

    private final String bootstrapServers;
    private final EventCodec codec;
    private final Queues queues;
    private final MeterRegistry meters;
    private final ListeningThread thread = new ListeningThread("queues", PAUSE, this::listen);

    QueueThread(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            EventCodec codec,
            Queues queues,
            MeterRegistry meters) {
        this.bootstrapServers = bootstrapServers;
        this.codec = codec;
        this.queues = queues;
        this.meters = meters;
    }

    /** After the orchestrator, which makes the topics. */
    void start(@Observes StartupEvent event) {
        queues.measure(meters);
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.stop();
    }

    private void listen(BooleanSupplier goesOn) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.QUEUES.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (goesOn.getAsBoolean()) {
                consumer.poll(BRIEF).forEach(this::hear);
            }
        }
    }

    private void hear(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
        Decoded decoded = codec.decode(Topic.QUEUES, key, EventRecords.headers(record.headers()), record.value());
        if (decoded instanceof Decoded.Known known && known.envelope().event() instanceof QueueReported report) {
            queues.put(report);
        } else {
            meters.counter("flujo.events.unknown", "topic", Topic.QUEUES.topicName())
                    .increment();
            LOG.debugf("passed over %s", decoded);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Topic;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The clients of Kafka that Kafka Streams works with: the usual ones, but that commits are read at a pace. */
final class OrchestratorClients implements KafkaClientSupplier {

    private final int commitsPerSecond;
    private final LongSupplier nanos;

    /**
     * @param commitsPerSecond how many events of commits each thread reads in a second
     * @param nanos a clock that nobody sets
     */
    OrchestratorClients(int commitsPerSecond, LongSupplier nanos) {
        this.commitsPerSecond = commitsPerSecond;
        this.nanos = nanos;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new PacedConsumer(config, Topic.COMMITS.topicName(), commitsPerSecond, nanos);
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return usual(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return usual(config);
    }

    private static Consumer<byte[], byte[]> usual(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

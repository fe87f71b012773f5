package dev.flujo.pipeline.messaging;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Consumers that read topics from the side: of no group, so nobody's place in them moves. */
@ApplicationScoped
class SideConsumers {

    /** How long one of them waits for an answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String bootstrapServers;

    SideConsumers(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** One that reads what was committed. */
    KafkaConsumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** What a caller is told when Kafka does not answer one of them. */
    static Problem away(String what, KafkaException cause) {
        return new Problem(
                CommonProblem.UNAVAILABLE,
                "Expected " + what + " from Kafka, but it did not answer; repeat the request",
                cause);
    }
}

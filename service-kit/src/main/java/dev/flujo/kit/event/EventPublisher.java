package dev.flujo.kit.event;

import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.PipelineEvent;
import dev.flujo.event.Topic;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Puts events on their topics. An event is only there once Kafka has acknowledged it on all in-sync replicas. */
@ApplicationScoped
public class EventPublisher {

    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final MutinyEmitter<byte[]> emitter;
    private final EventCodec codec;
    private final TopicConfig topics;

    EventPublisher(
            @Channel("events") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            EventCodec codec,
            TopicConfig topics) {
        this.emitter = emitter;
        this.codec = codec;
        this.topics = topics;
    }

    /** Sends the event; completes when it is acknowledged, fails when that is not certain. */
    public Uni<Void> publish(Topic topic, Envelope envelope) {
        return publish(topic, envelope, codec.encode(topic, envelope));
    }

    private Uni<Void> publish(Topic topic, Envelope envelope, EncodedEvent encoded) {
        OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder<String> metadata =
                OutgoingKafkaRecordMetadata.<String>builder()
                        .withTopic(topic.topicName())
                        .withKey(encoded.key())
                        .withHeaders(EventRecords.headers(encoded));
        if (topic == Topic.PIPELINES && envelope.event() instanceof PipelineEvent pipeline) {
            metadata.withPartition(EventRecords.partitionOfProject(pipeline.project(), topics.partitions()));
        }
        return emitter.sendMessage(Message.of(encoded.value(), Metadata.of(metadata.build())));
    }

    /**
     * Sends the event and waits for the acknowledgement; must not be called on an event loop.
     *
     * @throws Problem (503) when the log is away; the event may be there all the same, so the caller repeats it with the
     *     same id
     */
    public void publishAndAwait(Topic topic, Envelope envelope) {
        await(topic, publish(topic, envelope));
    }

    /** The same for an event of another tool, which does not name the project that it belongs to. */
    public void publishAndAwait(Topic topic, String project, Envelope envelope) {
        await(topic, publish(topic, envelope, codec.encode(project, envelope)));
    }

    private static void await(Topic topic, Uni<Void> sent) {
        try {
            sent.await().atMost(PATIENCE);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Problem(
                    CommonProblem.UNAVAILABLE,
                    "Expected Kafka to acknowledge the event on " + topic.topicName()
                            + ", but it did not in time; repeat the same request",
                    e);
        }
    }

    /** Copies a record that could not be read to the dead letters of its topic, with the reason. */
    Uni<Void> bury(String deadLetterTopic, String key, Headers headers, byte[] value) {
        OutgoingKafkaRecordMetadata<String> metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(deadLetterTopic)
                .withKey(key)
                .withHeaders(headers)
                .build();
        return emitter.sendMessage(Message.of(value == null ? new byte[0] : value, Metadata.of(metadata)));
    }
}

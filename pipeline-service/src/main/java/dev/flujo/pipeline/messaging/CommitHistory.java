package dev.flujo.pipeline.messaging;

import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.Decoded;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.kit.event.TopicConfig;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What happened to a project's repository in the last days, as the log still has it. */
@ApplicationScoped
public class CommitHistory {

    private static final int MOST_COMMITS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final TopicConfig topics;
    private final EventCodec codec;
    private final Clock clock;

    /** One of them, and when Flujo received it. */
    public record Commit(TriggerEvent event, Instant at) {}

    /** The newest of them, oldest first; {@code complete} says whether there are no others in that time. */
    public record Part(List<Commit> commits, boolean complete) {

        public Part {
            commits = List.copyOf(commits);
        }
    }

    CommitHistory(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            TopicConfig topics,
            EventCodec codec,
            Clock clock) {
        this.bootstrapServers = bootstrapServers;
        this.topics = topics;
        this.codec = codec;
        this.clock = clock;
    }

    /**
     * What happened to the project in so long a time before now.
     *
     * @throws Problem (503) when the log is away
     */
    public Part of(String project, Duration time) {
        TopicPartition partition = new TopicPartition(
                Topic.COMMITS.topicName(), EventRecords.partitionOfProject(project, topics.partitions()));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return read(consumer, partition, project, clock.instant().minus(time));
        } catch (KafkaException e) {
            throw new Problem(
                    CommonProblem.UNAVAILABLE,
                    "Expected the commits of the last days from Kafka, but it did not answer; repeat the request",
                    e);
        }
    }

    private Part read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, String project, Instant since) {
        Instant giveUp = clock.instant().plus(PATIENCE);
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), PATIENCE).get(partition);
        Optional<OffsetAndTimestamp> first =
                Optional.ofNullable(consumer.offsetsForTimes(Map.of(partition, since.toEpochMilli()), PATIENCE)
                        .get(partition));
        if (first.isEmpty()) {
            return new Part(List.of(), true);
        }
        consumer.seek(partition, first.get().offset());
        Deque<Commit> newest = new ArrayDeque<>();
        boolean dropped = false;
        while (consumer.position(partition, PATIENCE) < end && clock.instant().isBefore(giveUp)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                commit(record, project).ifPresent(newest::add);
                if (newest.size() > MOST_COMMITS) {
                    newest.remove();
                    dropped = true;
                }
            }
        }
        return new Part(List.copyOf(newest), !dropped && consumer.position(partition, PATIENCE) >= end);
    }

    private Optional<Commit> commit(ConsumerRecord<byte[], byte[]> record, String project) {
        if (record.key() == null || !project.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            return Optional.empty();
        }
        Decoded decoded = codec.decode(Topic.COMMITS, project, EventRecords.headers(record.headers()), record.value());
        return decoded instanceof Decoded.Known known ? commit(known.envelope().event()) : Optional.empty();
    }

    private static Optional<Commit> commit(Event event) {
        if (event instanceof CommitPushed e) {
            return Optional.of(new Commit(TriggerEvents.of(e), e.receivedAt()));
        }
        if (event instanceof TagPushed e) {
            return Optional.of(new Commit(TriggerEvents.of(e), e.receivedAt()));
        }
        return event instanceof PullRequestChanged e
                ? Optional.of(new Commit(TriggerEvents.of(e), e.receivedAt()))
                : Optional.empty();
    }

    private Map<String, Object> config() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis());
    }
}

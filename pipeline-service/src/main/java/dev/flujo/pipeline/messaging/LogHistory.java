package dev.flujo.pipeline.messaging;

import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.Decoded;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.kit.event.TopicConfig;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.messaging.ProjectHistory.Past;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** What topics still have of the last days, read from the side: nobody's place in them moves. */
@ApplicationScoped
class LogHistory {

    private static final Duration POLL = Duration.ofMillis(200);

    private final SideConsumers consumers;
    private final TopicConfig topics;
    private final EventCodec codec;
    private final Clock clock;

    LogHistory(SideConsumers consumers, TopicConfig topics, EventCodec codec, Clock clock) {
        this.consumers = consumers;
        this.topics = topics;
        this.codec = codec;
        this.clock = clock;
    }

    /**
     * Adds what happened to the repository; and deployments, and requests for this pipeline, where the plan takes them.
     *
     * @throws Problem (503) when the logs are away
     */
    void ofProject(String project, Plan plan, Instant since, PastEvents events) {
        int partition = EventRecords.partitionOfProject(project, topics.partitions());
        Map<TopicPartition, Topic> read = new HashMap<>();
        read.put(new TopicPartition(Topic.COMMITS.topicName(), partition), Topic.COMMITS);
        if (!plan.on().deployments().isEmpty()) {
            read.put(new TopicPartition(Topic.DEPLOYS.topicName(), partition), Topic.DEPLOYS);
        }
        if (plan.on().manual() || plan.on().api().isPresent()) {
            read.put(new TopicPartition(Topic.COMMANDS.topicName(), partition), Topic.COMMANDS);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumers.open()) {
            Map<TopicPartition, Long> from = new HashMap<>();
            starts(consumer, List.copyOf(read.keySet()), since)
                    .forEach((place, start) -> from.put(place, start.offset()));
            read(consumer, from, events, record -> event(
                            read.get(new TopicPartition(record.topic(), record.partition())), record, project)
                    .flatMap(event -> past(event, plan.name(), at(record))));
        } catch (KafkaException e) {
            throw away(e);
        }
    }

    /**
     * Adds the newest records of a topic that is not Flujo's own; says whether there is one.
     *
     * @throws Problem (503) when the logs are away
     */
    boolean ofTopic(String project, String topic, Instant since, PastEvents events) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumers.open()) {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic, SideConsumers.PATIENCE);
            if (partitions == null || partitions.isEmpty()) {
                return false;
            }
            List<TopicPartition> places = partitions.stream()
                    .map(part -> new TopicPartition(topic, part.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(places, SideConsumers.PATIENCE);
            Map<TopicPartition, Long> from = new HashMap<>();
            starts(consumer, places, since).forEach((place, start) -> {
                long newest = ends.get(place) - PastEvents.MOST;
                if (newest > start.offset()) {
                    events.left();
                }
                from.put(place, Math.max(start.offset(), newest));
            });
            read(consumer, from, events, record -> past(project, record));
            return true;
        } catch (KafkaException e) {
            throw away(e);
        }
    }

    private static Map<TopicPartition, OffsetAndTimestamp> starts(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> places, Instant since) {
        Map<TopicPartition, Long> times = new HashMap<>();
        places.forEach(place -> times.put(place, since.toEpochMilli()));
        Map<TopicPartition, OffsetAndTimestamp> starts = new HashMap<>();
        consumer.offsetsForTimes(times, SideConsumers.PATIENCE).forEach((place, start) -> {
            if (start != null) {
                starts.put(place, start);
            }
        });
        return starts;
    }

    private void read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> from,
            PastEvents events,
            Function<ConsumerRecord<byte[], byte[]>, Optional<Past>> reader) {
        Instant giveUp = clock.instant().plus(SideConsumers.PATIENCE);
        consumer.assign(from.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet(), SideConsumers.PATIENCE);
        from.forEach(consumer::seek);
        List<TopicPartition> open = new ArrayList<>(from.keySet());
        while (!open.isEmpty()) {
            open.removeIf(place -> consumer.position(place, SideConsumers.PATIENCE) >= ends.get(place));
            if (!open.isEmpty() && !clock.instant().isBefore(giveUp)) {
                events.left();
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                reader.apply(record).ifPresent(events::add);
            }
        }
    }

    private Optional<Event> event(Topic topic, ConsumerRecord<byte[], byte[]> record, String project) {
        if (record.key() == null || !project.equals(new String(record.key(), StandardCharsets.UTF_8))) {
            return Optional.empty();
        }
        Decoded decoded = codec.decode(topic, project, EventRecords.headers(record.headers()), record.value());
        return decoded instanceof Decoded.Known known
                ? Optional.of(known.envelope().event())
                : Optional.empty();
    }

    private static Optional<Past> past(Event event, String pipeline, Instant at) {
        if (event instanceof CommitPushed e) {
            return Optional.of(new Past(TriggerEvents.of(e), e.receivedAt(), Map.of()));
        }
        if (event instanceof TagPushed e) {
            return Optional.of(new Past(TriggerEvents.of(e), e.receivedAt(), Map.of()));
        }
        if (event instanceof PullRequestChanged e) {
            return Optional.of(new Past(TriggerEvents.of(e), e.receivedAt(), Map.of()));
        }
        if (event instanceof StartRun e && e.pipeline().equals(pipeline)) {
            return Optional.of(new Past(TriggerEvents.of(e), e.receivedAt(), e.inputs()));
        }
        return event instanceof DeployEvent e
                ? TriggerEvents.of(e).map(ended -> new Past(ended, at, Map.of()))
                : Optional.empty();
    }

    private static Optional<Past> past(String project, ConsumerRecord<byte[], byte[]> record) {
        try {
            RecordReceived received = ForeignRecords.read(project, record);
            TriggerEvent event = TriggerEvents.of(received);
            return Optional.of(new Past(event, received.receivedAt(), Map.of()));
        } catch (ForeignRecords.Refused e) {
            return Optional.empty();
        }
    }

    private static Instant at(ConsumerRecord<byte[], byte[]> record) {
        return Instant.ofEpochMilli(Math.max(0, record.timestamp()));
    }

    private static Problem away(KafkaException cause) {
        return SideConsumers.away("what happened in the last days", cause);
    }
}

package dev.flujo.pipeline.forge;

import dev.flujo.event.Decoded;
import dev.flujo.event.Event;
import dev.flujo.event.EventCodec;
import dev.flujo.event.RunEvent;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.kit.event.TopicConfig;
import dev.flujo.pipeline.messaging.ListeningThread;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Follows the logs of runs, in a consumer group of its own, and has forges told of what happens. Where a replica reads on after
 * a crash, something may be told again, and nothing is left out. Without a forge that is to be told, nothing is read.
 */
@ApplicationScoped
public class StatusThread {

    private static final String GROUP = "flujo-forge-statuses";
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration BRIEF = Duration.ofMillis(200);
    private static final Duration OLDEST = Duration.ofDays(1);
    private static final int MOST_OPEN = 10_000;

    private final String bootstrapServers;
    private final Forges forges;
    private final StatusTeller teller;
    private final EventCodec codec;
    private final Clock clock;
    private final int partitions;
    private final Set<Integer> own = ConcurrentHashMap.newKeySet();
    private final StatusLanes lanes;
    private final ListeningThread thread = new ListeningThread("forge-statuses", PAUSE, this::listen);

    StatusThread(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            Forges forges,
            StatusTeller teller,
            EventCodec codec,
            TopicConfig topics,
            Clock clock) {
        this.bootstrapServers = bootstrapServers;
        this.forges = forges;
        this.teller = teller;
        this.codec = codec;
        this.clock = clock;
        this.partitions = topics.partitions();
        this.lanes = new StatusLanes(teller::tell, clock);
    }

    /** After the orchestrator, which makes the topics. */
    void start(@Observes StartupEvent event, MeterRegistry meters) {
        if (!forges.repositories().isEmpty()) {
            Gauge.builder("flujo.forge.statuses.open", lanes, StatusLanes::open).register(meters);
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        thread.stop();
        lanes.close();
    }

    /** Whether this replica, and no other, speaks for the project now. */
    boolean speaksFor(String project) {
        return own.contains(EventRecords.partitionOfProject(project, partitions));
    }

    private void listen(BooleanSupplier goesOn) {
        OpenOffsets offsets = new OpenOffsets();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            consumer.subscribe(Set.of(Topic.RUNS.topicName()), new Handover(consumer, offsets));
            while (goesOn.getAsBoolean()) {
                consumer.poll(BRIEF).forEach(record -> hear(record, offsets));
                commit(consumer, offsets);
                if (lanes.open() > MOST_OPEN) {
                    consumer.pause(consumer.assignment());
                } else if (!consumer.paused().isEmpty()) {
                    consumer.resume(consumer.paused());
                }
            }
        } finally {
            lanes.drop(Set.copyOf(own));
            teller.forget();
            own.clear();
        }
    }

    private void hear(ConsumerRecord<String, byte[]> record, OpenOffsets offsets) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        offsets.begin(partition, record.offset());
        Optional<Due> due = due(record, () -> offsets.close(partition, record.offset()));
        if (due.isPresent()) {
            lanes.add(due.get());
        } else {
            offsets.close(partition, record.offset());
        }
    }

    private Optional<Due> due(ConsumerRecord<String, byte[]> record, Runnable settled) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        Optional<Repository> repository = record.key() == null ? Optional.empty() : forges.repository(record.key());
        if (repository.isEmpty() || at.plus(OLDEST).isBefore(clock.instant())) {
            return Optional.empty();
        }
        // What cannot be read is buried by those who keep the history.
        Decoded decoded =
                codec.decode(Topic.RUNS, record.key(), EventRecords.headers(record.headers()), record.value());
        return decoded instanceof Decoded.Known known
                ? run(known.envelope().event())
                        .map(event -> new Due(
                                repository.get(),
                                record.partition(),
                                event.run(),
                                known.envelope().sequence(),
                                at,
                                settled))
                : Optional.empty();
    }

    /** What changes the state of a run. */
    private static Optional<RunEvent> run(Event event) {
        return event instanceof RunEvent run && !(event instanceof RunExtended) ? Optional.of(run) : Optional.empty();
    }

    private static void commit(KafkaConsumer<?, ?> consumer, OpenOffsets offsets) {
        Map<TopicPartition, OffsetAndMetadata> changed = offsets.changed();
        if (!changed.isEmpty()) {
            consumer.commitSync(changed);
        }
    }

    /** Partitions come from and go to other replicas; what is gone is not told here any more. */
    private final class Handover implements ConsumerRebalanceListener {

        private final KafkaConsumer<?, ?> consumer;
        private final OpenOffsets offsets;

        private Handover(KafkaConsumer<?, ?> consumer, OpenOffsets offsets) {
            this.consumer = consumer;
            this.offsets = offsets;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            own.addAll(numbers(assigned));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            own.removeAll(numbers(revoked));
            lanes.drop(numbers(revoked));
            teller.forget();
            commit(consumer, offsets);
            offsets.drop(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            own.removeAll(numbers(lost));
            lanes.drop(numbers(lost));
            teller.forget();
            offsets.drop(lost);
        }

        private Set<Integer> numbers(Collection<TopicPartition> those) {
            return those.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false);
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }
}

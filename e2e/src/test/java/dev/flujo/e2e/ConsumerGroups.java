package dev.flujo.e2e;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What consumers believe to have read; changed behind their backs only of groups that nobody is in now. */
final class ConsumerGroups implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final Admin admin;

    ConsumerGroups(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Lets each group begin again; gives how many there were. */
    int toTheBeginning() {
        List<String> groups = empty();
        for (String group : groups) {
            Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
            Map<TopicPartition, OffsetAndMetadata> read =
                    get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
            read.keySet().forEach(partition -> first.put(partition, new OffsetAndMetadata(0)));
            if (!first.isEmpty()) {
                get(admin.alterConsumerGroupOffsets(group, first).all());
            }
        }
        return groups.size();
    }

    /** Whether the group has read all that lies on the topic. */
    boolean hasReadAll(String group, String topic) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        get(admin.describeTopics(Set.of(topic)).topicNameValues().get(topic))
                .partitions()
                .forEach(partition ->
                        next.put(new TopicPartition(topic, partition.partition()), new OffsetAndMetadata(0)));
        next.putAll(get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()));
        return noneAfter(next);
    }

    /** Whether no committed record lies there; marks of transactions do, which is why ends alone do not tell. */
    private boolean noneAfter(Map<TopicPartition, OffsetAndMetadata> next) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(next.keySet());
            next.forEach(consumer::seek);
            Map<TopicPartition, Long> ends = consumer.endOffsets(next.keySet());
            while (next.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (!consumer.poll(POLL).isEmpty()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Forgets each group; gives how many there were. */
    int forget() {
        List<String> groups = empty();
        get(admin.deleteConsumerGroups(groups).all());
        return groups.size();
    }

    @Override
    public void close() {
        admin.close();
    }

    private List<String> empty() {
        return get(admin.listGroups().all()).stream()
                .filter(group ->
                        group.groupState().filter(GroupState.EMPTY::equals).isPresent())
                .map(GroupListing::groupId)
                .toList();
    }

    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Expected Kafka to change the groups, but " + e.getCause(), e);
        }
    }
}

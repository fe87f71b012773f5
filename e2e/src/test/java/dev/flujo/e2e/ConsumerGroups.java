package dev.flujo.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What consumers believe to have read, changed behind their backs; only of groups that nobody is in now. */
final class ConsumerGroups implements AutoCloseable {

    private final Admin admin;

    ConsumerGroups(String bootstrapServers) {
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

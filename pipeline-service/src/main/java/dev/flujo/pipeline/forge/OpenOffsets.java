package dev.flujo.pipeline.forge;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Which records of each partition are still open: whoever reads on after a crash begins with the first of them. */
final class OpenOffsets {

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    private static final class Partition {

        private final TreeSet<Long> open = new TreeSet<>();
        private long next;
        private long committed = -1;

        private long position() {
            return open.isEmpty() ? next : open.first();
        }
    }

    /** A record was read, and is open until it is closed. */
    synchronized void begin(TopicPartition partition, long offset) {
        Partition its = partitions.computeIfAbsent(partition, any -> new Partition());
        its.open.add(offset);
        its.next = offset + 1;
    }

    /** Nothing is to be done for a record any more. */
    synchronized void close(TopicPartition partition, long offset) {
        Partition its = partitions.get(partition);
        if (its != null) {
            its.open.remove(offset);
        }
    }

    /** Where each partition can be read on from, if that has changed since it was last asked for. */
    synchronized Map<TopicPartition, OffsetAndMetadata> changed() {
        Map<TopicPartition, OffsetAndMetadata> changed = new HashMap<>();
        partitions.forEach((partition, its) -> {
            if (its.position() != its.committed) {
                its.committed = its.position();
                changed.put(partition, new OffsetAndMetadata(its.committed));
            }
        });
        return changed;
    }

    /** Somebody else reads these partitions now. */
    synchronized void drop(Collection<TopicPartition> others) {
        others.forEach(partitions::remove);
    }
}

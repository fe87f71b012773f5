package dev.flujo.pipeline.orchestrator;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer for Kafka Streams that reads one of its topics no faster than at a pace, and the others as they come. While it holds
 * that topic back it says that there is nothing more of it, since a task waits for what is there and has not come yet.
 */
final class PacedConsumer extends KafkaConsumer<byte[], byte[]> {

    /** So far ahead of its pace it may be: what comes at once in everyday use is not held back. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String topic;
    private final long nanosForEach;
    private final LongSupplier nanos;

    /** Those that flow again when this topic does: whoever else has paused some of it says itself when that is over. */
    private final Set<TopicPartition> heldBack = new HashSet<>();

    private long paidUntil;
    private boolean held;

    /**
     * @param topic the one that is paced
     * @param perSecond how many of its records are read in a second
     * @param nanos a clock that nobody sets
     */
    PacedConsumer(Map<String, Object> config, String topic, int perSecond, LongSupplier nanos) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.topic = topic;
        this.nanosForEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanos = nanos;
        this.paidUntil = nanos.getAsLong();
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (held && nanos.getAsLong() - paidUntil >= 0) {
            release();
        }
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        long now = nanos.getAsLong();
        paidUntil = Math.max(paidUntil - now, 0) + now + count(records) * nanosForEach;
        if (paidUntil - now > AHEAD_NANOS) {
            hold();
        }
        return records;
    }

    private void hold() {
        Set<TopicPartition> paused = paused();
        List<TopicPartition> flowing = paced(assignment()).stream()
                .filter(partition -> !paused.contains(partition))
                .toList();
        held = true;
        heldBack.addAll(flowing);
        super.pause(flowing);
    }

    private void release() {
        held = false;
        heldBack.retainAll(assignment());
        super.resume(heldBack);
        heldBack.clear();
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        heldBack.removeAll(partitions);
        super.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        if (!held) {
            super.resume(partitions);
            return;
        }
        List<TopicPartition> later = paced(partitions);
        heldBack.addAll(later);
        super.resume(partitions.stream()
                .filter(partition -> !later.contains(partition))
                .toList());
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return held && partition.topic().equals(topic) ? OptionalLong.of(0) : super.currentLag(partition);
    }

    private List<TopicPartition> paced(Collection<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
    }

    private long count(ConsumerRecords<byte[], byte[]> records) {
        Iterable<ConsumerRecord<byte[], byte[]>> ofTopic = records.records(topic);
        return StreamSupport.stream(ofTopic.spliterator(), false).count();
    }
}

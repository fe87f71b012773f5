package dev.flujo.pipeline.orchestrator;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.processor.StateRestoreListener;

/**
 * How the orchestrator gets on with the partitions that it is being given. Restoring their state may take long, but something
 * of it happens all the time; where nothing does, nobody decides for these partitions until the process has been replaced.
 */
final class Takeover implements KafkaStreams.StateListener, StateRestoreListener {

    /** So long nothing may happen while partitions are taken over. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private volatile boolean underWay;
    private volatile long lastStep;

    /** @param nanos a clock that nobody sets */
    Takeover(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastStep = nanos.getAsLong();
    }

    /** Whether partitions are being taken over and nothing has come of it for too long. */
    boolean stuck() {
        return underWay && nanos.getAsLong() - lastStep > PATIENCE.toNanos();
    }

    @Override
    public void onChange(State now, State before) {
        step();
        underWay = now == State.REBALANCING;
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
        step();
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long offset, long records) {
        step();
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long records) {
        step();
    }

    private void step() {
        lastStep = nanos.getAsLong();
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Topic;
import dev.flujo.kit.process.Failpoint;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A step at which the orchestrator may die: the log of a run lies with Kafka, and its transaction is still open. */
public final class DiesBeforeCommit implements ProducerInterceptor<byte[], byte[]> {

    /** The name of the step, and under which the producer is told of it. */
    static final String STEP = "orchestrator.before-commit";

    static final String FAILPOINT = "flujo.failpoint";

    private Failpoint failpoint;

    @Override
    public void configure(Map<String, ?> configs) {
        failpoint = (Failpoint) configs.get(FAILPOINT);
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception failure) {
        if (failure == null && metadata.topic().equals(Topic.RUNS.topicName())) {
            failpoint.pass(STEP);
        }
    }

    @Override
    public void close() {}
}

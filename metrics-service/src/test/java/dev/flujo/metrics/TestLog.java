package dev.flujo.metrics;

import dev.flujo.event.CdEvent;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to topics as any producer would. */
final class TestLog implements AutoCloseable {

    private static final EventCodec CODEC = new EventCodec();

    private final Producer<String, byte[]> producer;

    TestLog(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    void write(Topic topic, String project, List<Envelope> envelopes) {
        envelopes.forEach(envelope -> write(topic, project, envelope));
    }

    void write(Topic topic, String project, Envelope envelope) {
        if (envelope.event() instanceof CdEvent) {
            Headers headers = new RecordHeaders();
            headers.add("ce_type", envelope.type().getBytes(StandardCharsets.UTF_8));
            headers.add("ce_id", envelope.id().getBytes(StandardCharsets.UTF_8));
            write(topic, project, headers, CODEC.toJson(envelope).toString().getBytes(StandardCharsets.UTF_8));
            return;
        }
        EncodedEvent encoded = CODEC.encode(topic, envelope);
        write(topic, project, EventRecords.headers(encoded), encoded.value());
    }

    void write(Topic topic, String key, Headers headers, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic.topicName(), null, key, value, headers))
                    .get(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

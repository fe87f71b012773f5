package dev.flujo.stack;

import dev.flujo.event.CdEvent;
import dev.flujo.event.Decoded;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics as tests write and read them: with nothing but a Kafka client, as any other program would. */
public final class TestLog implements AutoCloseable {

    private static final EventCodec CODEC = new EventCodec();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_SECONDS = 20;

    private final String bootstrapServers;
    private final Producer<String, byte[]> producer;

    public TestLog(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Writes all in this order; returns when they are there. */
    public void write(Topic topic, String key, List<Envelope> envelopes) {
        write(envelopes.stream().map(envelope -> record(topic, key, envelope)).toList());
    }

    /** Writes any records in this order; returns when they are there. */
    public void write(List<ProducerRecord<String, byte[]>> records) {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        for (int i = 0; i < sent.size(); i++) {
            await(sent.get(i), records.get(i).topic());
        }
    }

    public void write(Topic topic, String key, Envelope envelope) {
        write(record(topic, key, envelope));
    }

    /** Writes any record; returns when it is there. */
    public void write(ProducerRecord<String, byte[]> record) {
        await(producer.send(record), record.toString());
    }

    /** The record of an event. */
    public static ProducerRecord<String, byte[]> record(Topic topic, String key, Envelope envelope) {
        if (envelope.event() instanceof CdEvent) {
            byte[] value = CODEC.toJson(envelope).toString().getBytes(StandardCharsets.UTF_8);
            return record(topic, key, Map.of("ce_type", envelope.type(), "ce_id", envelope.id()), value);
        }
        EncodedEvent encoded = CODEC.encode(topic, envelope);
        return record(topic, key, encoded.headers(), encoded.value());
    }

    private static void await(Future<RecordMetadata> sent, String what) {
        try {
            sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Expected Kafka to take " + what + ", but it did not", e);
        }
    }

    /** Any record; key and value may be null. */
    public static ProducerRecord<String, byte[]> record(
            Topic topic, String key, Map<String, String> headers, byte[] value) {
        RecordHeaders bytes = new RecordHeaders();
        headers.forEach((name, text) -> bytes.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return new ProducerRecord<>(topic.topicName(), null, key, value, bytes);
    }

    /** The known events that lie on the topic now, committed ones only; in the order of each partition. */
    public List<Envelope> events(Topic topic) {
        List<Envelope> events = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records(topic.topicName())) {
            if (CODEC.decode(texts(record.headers()), record.value()) instanceof Decoded.Known known) {
                events.add(known.envelope());
            }
        }
        return events;
    }

    /** The records that lie on the topic now, committed ones only. */
    public List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (!partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition))) {
                consumer.poll(POLL).forEach(records::add);
            }
            return records;
        }
    }

    /** How many records, and marks of transactions among them, the topic has had so far. */
    public long size(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return consumer.endOffsets(partitions(consumer, topic)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** Headers as texts. */
    public static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new HashMap<>();
        for (Header header : headers) {
            texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    @Override
    public void close() {
        producer.close();
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }
}

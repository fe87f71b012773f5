package dev.flujo.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Sees the beginnings and ends of runs on {@code flujo.runs} as any consumer would: committed facts only. */
final class RunLog implements AutoCloseable {

    private static final String TOPIC = "flujo.runs";
    private static final String QUEUED = "dev.cdevents.pipelinerun.queued.";
    private static final String FINISHED = "dev.cdevents.pipelinerun.finished.";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<String> queued = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> finished = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "run-log");
    private volatile boolean closed;

    RunLog(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("isolation.level", "read_committed");
        // It looks on beside what it measures, so it looks seldom.
        properties.put("fetch.min.bytes", 1024 * 1024);
        properties.put("fetch.max.wait.ms", 100);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                .map(info -> new TopicPartition(TOPIC, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until so many runs have ended since this log was opened. */
    void await(Session session, int runs) {
        session.await(() -> runs + " runs to end (" + count() + " have)", () -> count() >= runs);
    }

    /** How many runs were queued since this log was opened. */
    int queued() {
        return queued.size();
    }

    /** How many runs have ended since this log was opened. */
    int count() {
        return finished.size();
    }

    /** When each run was seen to have ended, by {@link System#nanoTime}. */
    Map<String, Long> finished() {
        return new HashMap<>(finished);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    String type = text(record, "ce_type");
                    if (type.startsWith(QUEUED)) {
                        queued.add(text(record, "ce_subject"));
                    }
                    if (type.startsWith(FINISHED)) {
                        finished.put(text(record, "ce_subject"), System.nanoTime());
                    }
                }
            }
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}

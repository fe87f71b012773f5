package dev.flujo.pipeline.messaging;

import dev.flujo.event.Attempt;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.store.Logs;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what attempts print. */
@ApplicationScoped
public class LogProjector {

    /** A chunk may hold a megabyte, so not many are under way at once. */
    private static final int SIDE_BY_SIDE = 24;

    private final EventConsumer consumer;
    private final Logs logs;
    private final News news;

    LogProjector(EventConsumer consumer, Logs logs, News news) {
        this.consumer = consumer;
        this.logs = logs;
        this.news = news;
    }

    @Incoming("logs")
    @Blocking
    public void logs(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keep);
    }

    private void keep(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        Set<Attempt> attempts = new LinkedHashSet<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof LogAppended log) {
                    writes.add(record, () -> logs.put(log));
                    attempts.add(log.attempt());
                }
            });
        }
        writes.await();
        attempts.forEach(news::publish);
    }
}

package dev.flujo.pipeline.messaging;

import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.store.Requests;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what pull requests are about, since a comment on one only says its number. */
@ApplicationScoped
public class CommitProjector {

    private static final int SIDE_BY_SIDE = 32;

    private final EventConsumer consumer;
    private final Requests requests;

    CommitProjector(EventConsumer consumer, Requests requests) {
        this.consumer = consumer;
        this.requests = requests;
    }

    @Incoming("commits")
    @Blocking
    public void commits(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keep);
    }

    private void keep(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, PullRequestChanged.class, envelope -> {
                if (envelope.event() instanceof PullRequestChanged request) {
                    writes.add(record, () -> requests.put(request, record.offset()));
                }
            });
        }
        writes.await();
    }
}

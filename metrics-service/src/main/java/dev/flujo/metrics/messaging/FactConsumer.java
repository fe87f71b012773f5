package dev.flujo.metrics.messaging;

import dev.flujo.event.Envelope;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import dev.flujo.metrics.Fact;
import dev.flujo.metrics.Facts;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Keeps what runs and deployments say. A batch is written together; where that fails, it is tried again in place, record by
 * record, until it is there.
 */
@ApplicationScoped
public class FactConsumer {

    private static final Logger LOG = Logger.getLogger(FactConsumer.class);

    private final EventConsumer consumer;
    private final Facts facts;

    FactConsumer(EventConsumer consumer, Facts facts) {
        this.consumer = consumer;
        this.facts = facts;
    }

    @Incoming("runs")
    @Blocking
    public void runs(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::take);
    }

    @Incoming("deploys")
    @Blocking
    public void deploys(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::take);
    }

    private record Write(ConsumerRecord<String, byte[]> record, Fact fact) {}

    private void take(ConsumerRecords<String, byte[]> batch) {
        List<Write> writes = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> take(record, envelope, writes));
        }
        if (!written(put(writes.stream().map(Write::fact).toList()))) {
            for (Write write : writes) {
                consumer.handle(write.record(), () -> facts.put(List.of(write.fact()))
                        .toCompletableFuture()
                        .join());
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, Envelope envelope, List<Write> writes) {
        if (record.key() == null) {
            consumer.bury(record, "Expected the project as key, but the record has none");
            return;
        }
        LogContext.run(envelope, () -> Fact.of(record.key(), envelope).ifPresent(fact -> {
            LOG.debugf("keep %s %s", envelope.type(), envelope.id());
            writes.add(new Write(record, fact));
        }));
    }

    private CompletableFuture<Void> put(List<Fact> all) {
        try {
            return facts.put(all).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean written(CompletableFuture<Void> write) {
        try {
            write.join();
            return true;
        } catch (CompletionException e) {
            LOG.debugf(e, "a write failed and is tried again in place");
            return false;
        }
    }
}

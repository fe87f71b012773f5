package dev.flujo.pipeline.messaging;

import dev.flujo.kit.event.EventConsumer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * The writes of a batch, side by side but never too many at once. What fails is tried again in place, record by record,
 * until it is there or cannot be.
 */
final class Writes {

    private static final Logger LOG = Logger.getLogger(Writes.class);

    private final EventConsumer consumer;
    private final int sideBySide;
    private final List<Write> open = new ArrayList<>();

    private record Write(
            ConsumerRecord<String, byte[]> record,
            Supplier<CompletionStage<Void>> action,
            CompletableFuture<Void> done) {}

    Writes(EventConsumer consumer, int sideBySide) {
        this.consumer = consumer;
        this.sideBySide = sideBySide;
    }

    /** What one record wants written; it must be something that may be repeated. */
    record One(ConsumerRecord<String, byte[]> record, Supplier<CompletionStage<Void>> action) {}

    /** Begins a write. */
    void add(ConsumerRecord<String, byte[]> record, Supplier<CompletionStage<Void>> action) {
        addTogether(List.of(new One(record, action)), action);
    }

    /** Begins the writes of several records with one action that does them all; on their own only if that fails. */
    void addTogether(List<One> all, Supplier<CompletionStage<Void>> together) {
        CompletableFuture<Void> done = begin(together);
        all.forEach(one -> open.add(new Write(one.record(), one.action(), done)));
        if (open.size() >= sideBySide) {
            await();
        }
    }

    /** Returns when all that was added is there. */
    void await() {
        for (Write write : open) {
            if (!succeeded(write.done())) {
                consumer.handle(
                        write.record(),
                        () -> write.action().get().toCompletableFuture().join());
            }
        }
        open.clear();
    }

    private static CompletableFuture<Void> begin(Supplier<CompletionStage<Void>> action) {
        try {
            return action.get().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean succeeded(CompletableFuture<Void> write) {
        try {
            write.join();
            return true;
        } catch (CompletionException e) {
            LOG.debugf(e, "a write failed and is tried again in place");
            return false;
        }
    }
}

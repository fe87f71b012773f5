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

    /** Begins a write; it must be one that may be repeated. */
    void add(ConsumerRecord<String, byte[]> record, Supplier<CompletionStage<Void>> action) {
        open.add(new Write(record, action, begin(action)));
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

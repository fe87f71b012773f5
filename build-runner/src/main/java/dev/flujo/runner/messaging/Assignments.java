package dev.flujo.runner.messaging;

import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import dev.flujo.runner.RunnerService;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what the orchestrator tells runners; what is for others is passed over. */
@ApplicationScoped
public class Assignments {

    private final EventConsumer consumer;
    private final RunnerService runner;

    Assignments(EventConsumer consumer, RunnerService runner) {
        this.consumer = consumer;
        this.runner = runner;
    }

    @Incoming("assignments")
    @Blocking
    public void assigned(ConsumerRecords<String, byte[]> batch) {
        batch.forEach(record -> {
            if (runner.id().equals(record.key())) {
                consumer.consume(record, envelope -> LogContext.run(envelope, () -> runner.assigned(envelope)));
            }
        });
    }
}

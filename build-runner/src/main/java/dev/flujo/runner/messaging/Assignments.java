package dev.flujo.runner.messaging;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Envelope;
import dev.flujo.kit.event.AssignmentAges;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import dev.flujo.runner.RunnerService;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what the orchestrator tells runners; what is for others is passed over. */
@ApplicationScoped
public class Assignments {

    private final EventConsumer consumer;
    private final RunnerService runner;
    private final AssignmentAges ages;

    Assignments(EventConsumer consumer, RunnerService runner, AssignmentAges ages) {
        this.consumer = consumer;
        this.runner = runner;
        this.ages = ages;
    }

    @Incoming("assignments")
    @Blocking
    public void assigned(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::read);
    }

    private void read(ConsumerRecords<String, byte[]> batch) {
        batch.forEach(record -> {
            if (runner.id().equals(record.key())) {
                consumer.consume(record, envelope -> LogContext.run(envelope, () -> assigned(record, envelope)));
            }
        });
    }

    private void assigned(ConsumerRecord<String, byte[]> record, Envelope envelope) {
        if (envelope.event() instanceof WorkAssigned assignment) {
            runner.assigned(envelope, assignment, ages.tooLate(record, assignment));
        } else if (envelope.event() instanceof WorkStopped stop) {
            runner.stopped(stop);
        }
    }
}

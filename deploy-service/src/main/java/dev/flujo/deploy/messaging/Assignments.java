package dev.flujo.deploy.messaging;

import dev.flujo.deploy.DeployService;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Envelope;
import dev.flujo.kit.event.AssignmentAges;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what the orchestrator tells runners; what is for others is passed over. */
@ApplicationScoped
public class Assignments {

    private final EventConsumer consumer;
    private final DeployService service;
    private final AssignmentAges ages;

    Assignments(EventConsumer consumer, DeployService service, AssignmentAges ages) {
        this.consumer = consumer;
        this.service = service;
        this.ages = ages;
    }

    @Incoming("assignments")
    @Blocking
    public void assigned(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::read);
    }

    private void read(ConsumerRecords<String, byte[]> batch) {
        batch.forEach(record -> {
            if (service.id().equals(record.key())) {
                consumer.consume(record, envelope -> LogContext.run(envelope, () -> assigned(record, envelope)));
            }
        });
    }

    private void assigned(ConsumerRecord<String, byte[]> record, Envelope envelope) {
        if (envelope.event() instanceof WorkAssigned assignment) {
            service.assigned(envelope, assignment, ages.tooLate(record, assignment));
        } else if (envelope.event() instanceof WorkStopped stop) {
            service.stopped(stop);
        } else if (envelope.event() instanceof AnalysisAnswered answer) {
            service.answered(answer);
        }
    }

    /**
     * Each reader of all assignments is a consumer group of its own, whose only member is known by name: after a crash it
     * reads on at once, instead of waiting until Kafka has given its earlier life up.
     */
    @Produces
    @Singleton
    @Identifier("assignments-group")
    static Map<String, Object> group(DeployService service) {
        return Map.of("group.id", "flujo-" + service.id(), "group.instance.id", service.id());
    }
}

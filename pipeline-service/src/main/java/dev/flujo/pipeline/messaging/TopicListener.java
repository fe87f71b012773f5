package dev.flujo.pipeline.messaging;

import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Passes records of foreign topics on to the projects whose pipelines they start, and tells of those that nobody can read. */
@ApplicationScoped
public class TopicListener {

    private static final URI SOURCE = URI.create("/flujo/topics");
    private static final Logger LOG = Logger.getLogger(TopicListener.class);

    private final EventPublisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;

    TopicListener(EventPublisher publisher, MeterRegistry meters, Clock clock) {
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
    }

    /** Returns when Kafka has all that follows from the record; the same record again is the same event again. */
    void hear(ConsumerRecord<byte[], byte[]> record, TopicTriggers triggers) {
        for (String project : triggers.projects(record.topic())) {
            String id = DerivedId.of(
                            "record",
                            project,
                            record.topic(),
                            Integer.toString(record.partition()),
                            Long.toString(record.offset()))
                    .toString();
            try {
                RecordReceived received = ForeignRecords.read(project, record);
                boolean concerns = triggers.concerns(received);
                count(concerns ? "passed" : "left");
                if (concerns) {
                    publisher.publishAndAwait(
                            Topic.COMMANDS,
                            Envelope.of(id, SOURCE, received.receivedAt(), UUID.fromString(id), received));
                }
            } catch (ForeignRecords.Refused e) {
                refuse(project, record, id, e.getMessage());
            }
        }
    }

    private void refuse(String project, ConsumerRecord<byte[], byte[]> record, String id, String reason) {
        count("refused");
        String name = record.topic() + "-" + record.partition() + "@" + record.offset();
        LOG.warnf("record %s starts nothing in project %s: %s", name, project, reason);
        ActionRecorded told = new ActionRecorded(
                Optional.of(project),
                "kafka",
                "record.receive",
                name,
                "refused",
                Optional.of(reason),
                Optional.empty(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        publisher.publishAndAwait(Topic.AUDIT, Envelope.of(id, SOURCE, told.at(), UUID.fromString(id), told));
    }

    private void count(String outcome) {
        meters.counter("flujo.trigger.records", "outcome", outcome).increment();
    }
}

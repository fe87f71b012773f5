package dev.flujo.pipeline.messaging;

import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.PipelineEvent.PipelineRead;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.PipelineEvent.TemplateDefined;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.store.AuditLog;
import dev.flujo.pipeline.store.Pipelines;
import dev.flujo.pipeline.store.Sources;
import dev.flujo.pipeline.store.TemplateSources;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what pipelines are, and who did what. */
@ApplicationScoped
public class PipelineProjector {

    private static final int SIDE_BY_SIDE = 32;

    private final EventConsumer consumer;
    private final Pipelines pipelines;
    private final Sources sources;
    private final TemplateSources templates;
    private final AuditLog audit;

    PipelineProjector(
            EventConsumer consumer, Pipelines pipelines, Sources sources, TemplateSources templates, AuditLog audit) {
        this.consumer = consumer;
        this.pipelines = pipelines;
        this.sources = sources;
        this.templates = templates;
        this.audit = audit;
    }

    @Incoming("pipelines")
    @Blocking
    public void pipelines(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keepPipelines);
    }

    private void keepPipelines(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof PipelineDefined event) {
                    writes.add(record, () -> pipelines.put(event, record.offset()));
                } else if (envelope.event() instanceof PipelineRead event) {
                    writes.add(record, () -> pipelines.put(event.defined(), record.offset()));
                } else if (envelope.event() instanceof PipelineGone event) {
                    writes.add(record, () -> pipelines.gone(event, record.offset()));
                } else if (envelope.event() instanceof SourceDeclared event) {
                    writes.add(record, () -> sources.put(event, record.offset()));
                } else if (envelope.event() instanceof TemplateDefined event) {
                    writes.add(record, () -> templates.put(event));
                }
            });
        }
        writes.await();
    }

    @Incoming("audit")
    @Blocking
    public void audit(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keepActions);
    }

    private void keepActions(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof ActionRecorded action) {
                    writes.add(record, () -> audit.put(envelope.id(), action));
                }
            });
        }
        writes.await();
    }
}

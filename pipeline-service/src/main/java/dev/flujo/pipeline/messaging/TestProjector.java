package dev.flujo.pipeline.messaging;

import dev.flujo.event.ReportEvent;
import dev.flujo.event.TestEvent;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.store.JobReports;
import dev.flujo.pipeline.store.TestCases;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what the reports of jobs say. */
@ApplicationScoped
public class TestProjector {

    private static final int SIDE_BY_SIDE = 32;

    private final EventConsumer consumer;
    private final TestCases cases;
    private final JobReports reports;

    TestProjector(EventConsumer consumer, TestCases cases, JobReports reports) {
        this.consumer = consumer;
        this.cases = cases;
        this.reports = reports;
    }

    @Incoming("tests")
    @Blocking
    public void tests(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keep);
    }

    private void keep(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof TestEvent event) {
                    writes.add(record, () -> cases.put(event));
                }
                if (envelope.event() instanceof ReportEvent event) {
                    writes.add(record, () -> reports.put(event));
                }
            });
        }
        writes.await();
    }
}

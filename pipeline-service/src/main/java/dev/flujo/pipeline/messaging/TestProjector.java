package dev.flujo.pipeline.messaging;

import dev.flujo.event.TestEvent;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.pipeline.store.TestCases;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps the results of the users' tests. */
@ApplicationScoped
public class TestProjector {

    private static final int SIDE_BY_SIDE = 128;

    private final EventConsumer consumer;
    private final TestCases cases;

    TestProjector(EventConsumer consumer, TestCases cases) {
        this.consumer = consumer;
        this.cases = cases;
    }

    @Incoming("tests")
    @Blocking
    public void tests(ConsumerRecords<String, byte[]> batch) {
        Writes writes = new Writes(consumer, SIDE_BY_SIDE);
        for (ConsumerRecord<String, byte[]> record : batch) {
            consumer.read(record, envelope -> {
                if (envelope.event() instanceof TestEvent event) {
                    writes.add(record, () -> cases.put(event));
                }
            });
        }
        writes.await();
    }
}

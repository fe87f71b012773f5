package dev.flujo.deploy.messaging;

import dev.flujo.deploy.DeployService;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.Envelope;
import dev.flujo.kit.event.EventConsumer;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads what happens to pull requests, since some of them have environments; every service hears of all of them. */
@ApplicationScoped
public class Requests {

    private final EventConsumer consumer;
    private final DeployService service;

    Requests(EventConsumer consumer, DeployService service) {
        this.consumer = consumer;
        this.service = service;
    }

    @Incoming("commits")
    @Blocking
    public void changed(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::read);
    }

    private void read(ConsumerRecords<String, byte[]> batch) {
        batch.forEach(record -> consumer.read(
                record, PullRequestChanged.class, envelope -> consumer.handle(record, () -> changed(envelope))));
    }

    private void changed(Envelope envelope) {
        if (envelope.event() instanceof PullRequestChanged request) {
            try {
                service.heard(request);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Named as that of the assignments is, and for the same reason. */
    @Produces
    @Singleton
    @Identifier("commits-group")
    static Map<String, Object> group(DeployService service) {
        return Map.of("group.id", "flujo-requests-" + service.id(), "group.instance.id", service.id());
    }
}

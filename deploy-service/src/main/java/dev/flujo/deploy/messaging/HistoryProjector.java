package dev.flujo.deploy.messaging;

import dev.flujo.deploy.History;
import dev.flujo.deploy.History.Entry;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceRolledBack;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what the events say of environments. */
@ApplicationScoped
public class HistoryProjector {

    private final EventConsumer consumer;
    private final History history;

    HistoryProjector(EventConsumer consumer, History history) {
        this.consumer = consumer;
        this.history = history;
    }

    @Incoming("deploys")
    @Blocking
    public void deployed(ConsumerRecords<String, byte[]> batch) {
        consumer.consume(
                batch,
                envelope -> LogContext.run(envelope, () -> entry(envelope).ifPresent(history::put)));
    }

    private static Optional<Entry> entry(Envelope envelope) {
        Event event = envelope.event();
        if (event instanceof ServiceDeployed e) {
            return Optional.of(new Entry(
                    e.project(),
                    e.environment(),
                    e.deployment(),
                    e.servingSince(),
                    "SUCCEEDED",
                    e.attempt().run(),
                    e.revision().commit(),
                    e.revision().branch(),
                    e.by(),
                    Optional.of(e.address()),
                    Optional.empty(),
                    Optional.empty()));
        }
        if (event instanceof ServiceUpgraded e) {
            return Optional.of(new Entry(
                    e.project(),
                    e.environment(),
                    e.deployment(),
                    e.servingSince(),
                    "SUCCEEDED",
                    e.attempt().run(),
                    e.revision().commit(),
                    e.revision().branch(),
                    e.by(),
                    Optional.of(e.address()),
                    Optional.empty(),
                    Optional.of(e.previous())));
        }
        if (event instanceof ServiceRolledBack e) {
            return Optional.of(new Entry(
                    e.project(),
                    e.environment(),
                    e.deployment(),
                    e.servingSince(),
                    "ROLLED_BACK",
                    e.attempt().run(),
                    e.revision().commit(),
                    e.revision().branch(),
                    e.by(),
                    Optional.of(e.address()),
                    e.reason(),
                    Optional.of(e.undone())));
        }
        if (event instanceof DeploymentFailed e) {
            return Optional.of(new Entry(
                    e.project(),
                    e.environment(),
                    e.deployment(),
                    envelope.time(),
                    "FAILED",
                    e.attempt().run(),
                    e.revision().commit(),
                    e.revision().branch(),
                    e.by(),
                    Optional.empty(),
                    Optional.of(e.reason()),
                    e.serving()));
        }
        return Optional.empty();
    }
}

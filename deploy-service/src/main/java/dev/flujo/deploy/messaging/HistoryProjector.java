package dev.flujo.deploy.messaging;

import dev.flujo.deploy.ConfigHistory;
import dev.flujo.deploy.ConfigHistory.Seen;
import dev.flujo.deploy.History;
import dev.flujo.deploy.History.Entry;
import dev.flujo.deploy.IncidentReport;
import dev.flujo.deploy.Incidents;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.EnvironmentDeleted;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceRolledBack;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.kit.event.EventConsumer;
import dev.flujo.kit.log.LogContext;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps what the events say of environments. */
@ApplicationScoped
public class HistoryProjector {

    private final EventConsumer consumer;
    private final History history;
    private final ConfigHistory config;
    private final Incidents incidents;

    HistoryProjector(EventConsumer consumer, History history, ConfigHistory config, Incidents incidents) {
        this.consumer = consumer;
        this.history = history;
        this.config = config;
        this.incidents = incidents;
    }

    @Incoming("deploys")
    @Blocking
    public void deployed(ConsumerRecords<String, byte[]> batch) {
        consumer.take(batch, this::keep);
    }

    private void keep(ConsumerRecords<String, byte[]> batch) {
        batch.forEach(record ->
                consumer.consume(record, envelope -> LogContext.run(envelope, () -> keep(record.key(), envelope))));
    }

    private void keep(String key, Envelope envelope) {
        entry(envelope).ifPresent(history::put);
        if (envelope.event() instanceof ConfigGiven given) {
            config.put(seen(given));
        }
        if (key != null) {
            IncidentReport.of(key, envelope, history)
                    .ifPresent(report -> incidents.note(report.environment(), report.incident()));
        }
    }

    /** A version that can still be read beside the newest one is seen, too. */
    private static List<Seen> seen(ConfigGiven given) {
        return given.items().stream()
                .flatMap(item -> Stream.concat(item.former().stream(), Stream.of(item.version()))
                        .map(version -> new Seen(
                                given.project(),
                                given.environment(),
                                item.name(),
                                version,
                                given.deployment(),
                                given.run(),
                                given.at())))
                .toList();
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
        if (event instanceof EnvironmentDeleted e) {
            return Optional.of(new Entry(
                    e.project(),
                    e.environment(),
                    e.takeDown(),
                    e.at(),
                    Entry.TAKEN_DOWN,
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

package dev.flujo.pipeline.api;

import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.kit.process.Failpoint;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Puts what a caller asks for on the log, together with the record of it. */
@ApplicationScoped
public class Commands {

    static final URI SOURCE = URI.create("/flujo/api");
    private static final int PATIENCE_SECONDS = 25;

    private final EventPublisher publisher;
    private final Audit audit;
    private final Clock clock;
    private final Failpoint failpoint;

    /** What is asked for: the action's name and target for the record, and the event with its id and chain. */
    record Command(String action, Topic topic, String id, UUID chain, Event event) {}

    Commands(EventPublisher publisher, Audit audit, Clock clock, Failpoint failpoint) {
        this.publisher = publisher;
        this.audit = audit;
        this.clock = clock;
        this.failpoint = failpoint;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    String by() {
        return audit.by();
    }

    List<String> groups() {
        return audit.groups();
    }

    /**
     * Returns when Kafka has both.
     *
     * @throws Problem (503) when that is not certain; the caller repeats the request
     */
    void send(Command command) {
        Optional<String> project = Topic.projectOf(command.event());
        CompletableFuture<Void> recorded =
                audit.record(project, command.action(), command.event().subject(), command.chain());
        publisher.publishAndAwait(
                command.topic(), Envelope.of(command.id(), SOURCE, now(), command.chain(), command.event()));
        failpoint.pass("api.before-reply");
        await(recorded);
    }

    /** Returns when the record of an action that needs no event is kept. */
    void record(String action, String target) {
        await(audit.record(Optional.empty(), action, target, UUID.randomUUID()));
    }

    static void await(CompletableFuture<Void> recorded) {
        try {
            recorded.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unrecorded(e);
        } catch (ExecutionException | TimeoutException e) {
            throw unrecorded(e);
        }
    }

    private static Problem unrecorded(Exception cause) {
        return new Problem(
                CommonProblem.UNAVAILABLE,
                "Expected Kafka to acknowledge the record of this action, but it did not in time; repeat the request",
                cause);
    }
}

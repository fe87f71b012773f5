package dev.flujo.pipeline.api;

import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.kit.auth.Caller;
import dev.flujo.kit.event.EventPublisher;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Records what the caller of this request does. */
@RequestScoped
public class Audit {

    private static final URI SOURCE = URI.create("/flujo/api");

    private final EventPublisher publisher;
    private final SecurityIdentity identity;
    private final RoutingContext request;
    private final Clock clock;
    private Optional<String> named = Optional.empty();

    Audit(EventPublisher publisher, SecurityIdentity identity, RoutingContext request, Clock clock) {
        this.publisher = publisher;
        this.identity = identity;
        this.request = request;
        this.clock = clock;
    }

    /** From now on this request, which a forge has proven to be its own, is what one of its users does. */
    void onBehalfOf(String name) {
        named = Optional.of(name);
    }

    /** The name of the caller. */
    public String by() {
        return named.orElseGet(() -> identity.getPrincipal().getName());
    }

    /** The groups of the caller. */
    public List<String> groups() {
        if (named.isPresent()) {
            return List.of();
        }
        return identity.<Set<String>>getAttribute(Caller.GROUPS).stream()
                .sorted()
                .toList();
    }

    /** Begins to record an action; the caller of this method waits for the end before it answers. */
    CompletableFuture<Void> record(Optional<String> project, String action, String target, UUID chain) {
        return record(project, action, target, chain, "accepted", Optional.empty());
    }

    /** Begins to record an action that the caller may not do. */
    CompletableFuture<Void> refuse(String project, String action, String target, String reason) {
        return record(Optional.of(project), action, target, UUID.randomUUID(), "refused", Optional.of(reason));
    }

    private CompletableFuture<Void> record(
            Optional<String> project,
            String action,
            String target,
            UUID chain,
            String result,
            Optional<String> detail) {
        ActionRecorded recorded = new ActionRecorded(
                project,
                by(),
                action,
                target,
                result,
                detail,
                Optional.ofNullable(request.request().remoteAddress()).map(address -> address.hostAddress()),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        Envelope envelope = Envelope.of(UUID.randomUUID().toString(), SOURCE, recorded.at(), chain, recorded);
        return publisher.publish(Topic.AUDIT, envelope).subscribeAsCompletionStage();
    }
}

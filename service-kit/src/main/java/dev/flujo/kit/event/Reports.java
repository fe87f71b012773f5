package dev.flujo.kit.event;

import dev.flujo.event.Attempt;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.Topic;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * What one attempt reports, in order. Reports are sent without waiting; what Kafka has not acknowledged is sent again, the
 * same, until it has. Ids follow from the attempt and the place of the report, so a repeated one is known as such.
 */
public final class Reports {

    private static final Logger LOG = Logger.getLogger(Reports.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST_IN_FLIGHT = 32;

    private final EventPublisher publisher;
    private final URI source;
    private final Attempt attempt;
    private final UUID chainId;
    private final Deque<Sent> open = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private volatile boolean holding;

    private record Held(Topic topic, String what, Event event, Instant at) {}

    private record Sent(Topic topic, Envelope envelope, CompletableFuture<Void> acknowledged) {}

    public Reports(EventPublisher publisher, URI source, Attempt attempt, UUID chainId) {
        this.publisher = publisher;
        this.source = source;
        this.attempt = attempt;
        this.chainId = chainId;
    }

    /** Sends a report; {@code what} tells it from all others of the attempt, always in the same way. */
    public void send(Topic topic, String what, Event event) {
        send(topic, what, event, Instant.now());
    }

    /**
     * Keeps a report back for the next one, which most likely follows at once: both are then one batch, and one transaction of
     * whoever listens. Where the next one may take its time, {@link #sendHeld} does not wait for it.
     */
    public synchronized void hold(Topic topic, String what, Event event) {
        held.add(new Held(topic, what, event, Instant.now()));
        holding = true;
    }

    /** Sends what is kept back, if anything is. */
    public void sendHeld() {
        if (holding) {
            sendAllHeld();
        }
    }

    /** Sends a report of what happened at that moment. */
    public synchronized void send(Topic topic, String what, Event event, Instant at) {
        sendAllHeld();
        sendNow(topic, what, event, at);
    }

    private synchronized void sendAllHeld() {
        for (Held next = held.poll(); next != null; next = held.poll()) {
            sendNow(next.topic(), next.what(), next.event(), next.at());
        }
        holding = false;
    }

    private void sendNow(Topic topic, String what, Event event, Instant at) {
        String id = DerivedId.of("report", attempt.id(), what).toString();
        Envelope envelope = Envelope.of(id, source, at, chainId, event);
        open.add(new Sent(topic, envelope, publish(topic, envelope)));
        while (!open.isEmpty() && succeeded(open.peek())) {
            open.poll();
        }
        if (open.size() >= MOST_IN_FLIGHT) {
            settle(open.poll());
        }
    }

    /** Waits until everything that was sent is acknowledged, and sends again what was not, for as long as it takes. */
    public synchronized void flush() {
        sendAllHeld();
        while (!open.isEmpty()) {
            settle(open.poll());
        }
    }

    private void settle(Sent sent) {
        CompletableFuture<Void> waiting = sent.acknowledged();
        while (true) {
            try {
                waiting.get(60, TimeUnit.SECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Expected to report, but the service is being stopped", e);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warnf(
                        "report %s of %s was not acknowledged and is sent again: %s",
                        sent.envelope().type(), attempt.id(), e);
                LockSupport.parkNanos(PAUSE.toNanos());
                waiting = publish(sent.topic(), sent.envelope());
            }
        }
    }

    private static boolean succeeded(Sent sent) {
        return sent.acknowledged().isDone() && !sent.acknowledged().isCompletedExceptionally();
    }

    private CompletableFuture<Void> publish(Topic topic, Envelope envelope) {
        return publisher.publish(topic, envelope).subscribeAsCompletionStage();
    }
}

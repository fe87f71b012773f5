package dev.flujo.core.lock;

import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One lock of a project: the attempt that holds it, and those that wait, in the order in which they asked. */
public record Lock(String project, String name, Optional<Attempt> holder, List<Attempt> queue) {

    public Lock {
        holder = holder == null ? Optional.empty() : holder;
        queue = queue == null ? List.of() : List.copyOf(queue);
    }

    /** A lock that nobody wants. */
    public static Lock free(String project, String name) {
        return new Lock(project, name, Optional.empty(), List.of());
    }

    /** What follows from an attempt's wish for the lock; nothing if it has or awaits it already. */
    public List<Event> decideRequested(LockRequested request) {
        if (concerns(request.attempt())) {
            return List.of();
        }
        return holder.isEmpty()
                ? List.of(new LockAcquired(project, name, request.attempt()))
                : List.of(new LockQueued(project, name, request.attempt(), holder));
    }

    /** What follows when an attempt does not need the lock any more; the next in the queue gets it. */
    public List<Event> decideReleased(Attempt attempt) {
        if (!concerns(attempt)) {
            return List.of();
        }
        List<Event> events = new ArrayList<>();
        events.add(new LockReleased(project, name, attempt));
        if (holder.equals(Optional.of(attempt)) && !queue.isEmpty()) {
            events.add(new LockAcquired(project, name, queue.get(0)));
        }
        return List.copyOf(events);
    }

    /**
     * Applies an event of this lock.
     *
     * @throws IllegalStateException if it cannot follow
     */
    public Lock evolve(LockEvent event) {
        if (event instanceof LockQueued e) return new Lock(project, name, holder, with(e.attempt()));
        if (event instanceof LockAcquired e) return acquired(e);
        if (event instanceof LockReleased e) return released(e);
        throw new IllegalStateException("Expected an event that changes the lock " + name + ", but it is " + event);
    }

    /** Whether nobody holds it or waits for it. */
    public boolean unused() {
        return holder.isEmpty() && queue.isEmpty();
    }

    private Lock acquired(LockAcquired event) {
        if (holder.isPresent()) {
            throw new IllegalStateException("Expected a free lock " + name + " before " + event + ", but "
                    + holder.get().id() + " holds it");
        }
        return new Lock(project, name, Optional.of(event.attempt()), without(event.attempt()));
    }

    private Lock released(LockReleased event) {
        Optional<Attempt> left = holder.filter(attempt -> !attempt.equals(event.attempt()));
        return new Lock(project, name, left, without(event.attempt()));
    }

    private boolean concerns(Attempt attempt) {
        return holder.equals(Optional.of(attempt)) || queue.contains(attempt);
    }

    private List<Attempt> with(Attempt attempt) {
        List<Attempt> longer = new ArrayList<>(queue);
        longer.add(attempt);
        return longer;
    }

    private List<Attempt> without(Attempt attempt) {
        return queue.stream().filter(waiting -> !waiting.equals(attempt)).toList();
    }
}

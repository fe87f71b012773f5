package dev.flujo.core.lock;

import dev.flujo.event.Claim;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockRefused;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.LockEvent.LockSuperseded;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Concurrency.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One lock of a project, an environment or a concurrency group: who holds it, and who waits, in the order in which they
 * asked. Nobody overtakes: who comes gets it at once only if nobody waits. The smallest limit counts of all that hold it
 * and of who is next, since each of them relies on its own. An environment is not given to what is older than the newest that
 * was left there.
 */
public record Lock(String project, String name, List<Place> holders, List<Place> queue, Optional<Left> newest) {

    public Lock {
        holders = List.copyOf(holders);
        queue = List.copyOf(queue);
        newest = newest == null ? Optional.empty() : newest;
    }

    /** A lock that nobody wants. */
    public static Lock free(String project, String name) {
        return free(project, name, Optional.empty());
    }

    /** A lock that nobody wants, of an environment in which this was left. */
    public static Lock free(String project, String name, Optional<Left> newest) {
        return new Lock(project, name, List.of(), List.of(), newest);
    }

    /** What follows from somebody's wish for the lock; nothing if it has or awaits it already. */
    public List<LockEvent> decideRequested(LockRequested request) {
        if (place(request.claim()).isPresent()) {
            return List.of();
        }
        List<LockEvent> events = new ArrayList<>(List.of(request));
        Policy policy = request.group().map(Concurrency::policy).orElse(Policy.QUEUE);
        Stream<Place> waiting = policy == Policy.QUEUE ? Stream.empty() : queue.stream();
        Stream<Place> going = policy == Policy.CANCEL_OLDER ? holders.stream().filter(Place::mayEnd) : Stream.empty();
        Stream.concat(waiting, going)
                .map(place -> new LockSuperseded(project, name, place.claim(), request.claim()))
                .forEach(events::add);
        Lock next = after(events);
        List<LockEvent> granted = next.granted();
        if (granted.stream().noneMatch(event -> event.claim().equals(request.claim()))) {
            Optional<Claim> holder = next.holders.stream().map(Place::claim).findFirst();
            events.add(new LockQueued(project, name, request.claim(), holder, next.queue.size()));
        }
        events.addAll(granted);
        return events;
    }

    /**
     * What follows when somebody does not need the lock any more; those next in the queue get it.
     *
     * @param succeeded whether it has left in the environment what it was to leave there
     */
    public List<LockEvent> decideReleased(Claim claim, boolean succeeded) {
        Optional<Place> place = place(claim);
        if (place.isEmpty()) {
            return List.of();
        }
        Optional<Instant> left = place.flatMap(Place::age).filter(age -> succeeded && holds(claim));
        List<LockEvent> events = new ArrayList<>(List.of(new LockReleased(project, name, claim, left)));
        events.addAll(after(events).granted());
        return events;
    }

    /**
     * Applies an event of this lock.
     *
     * @throws IllegalStateException if it cannot follow
     */
    public Lock evolve(LockEvent event) {
        if (event instanceof LockRequested e) return asked(e);
        if (event instanceof LockQueued) return this;
        if (event instanceof LockAcquired e) return acquired(e);
        if (event instanceof LockReleased e) return released(e);
        if (event instanceof LockRefused e) return refused(e);
        if (event instanceof LockSuperseded e) return superseded(e);
        throw new AssertionError("unhandled event " + event);
    }

    /** Whether nobody holds it or waits for it. */
    public boolean unused() {
        return holders.isEmpty() && queue.isEmpty();
    }

    /** The place of this claim, if it holds the lock or waits for it. */
    public Optional<Place> place(Claim claim) {
        return Stream.concat(holders.stream(), queue.stream())
                .filter(place -> place.claim().equals(claim))
                .findFirst();
    }

    /** Whether this claim holds the lock. */
    public boolean holds(Claim claim) {
        return holders.stream().anyMatch(place -> place.claim().equals(claim));
    }

    /** Whether another one has left something newer in the environment than this is. */
    public boolean outdates(Instant age) {
        return newest.filter(left -> left.age().isAfter(age)).isPresent();
    }

    /** Those that get the lock now: as many from the head of the queue as there is room for and as are not too old. */
    private List<LockEvent> granted() {
        List<LockEvent> granted = new ArrayList<>();
        int room = holders.stream().mapToInt(Place::limit).min().orElse(Integer.MAX_VALUE);
        int held = holders.size();
        for (Place next : queue) {
            if (next.age().filter(this::outdates).isPresent()) {
                granted.add(new LockRefused(
                        project, name, next.claim(), newest.orElseThrow().by()));
                continue;
            }
            room = Math.min(room, next.limit());
            if (held >= room) {
                break;
            }
            held++;
            granted.add(new LockAcquired(project, name, next.claim()));
        }
        return granted;
    }

    private Lock after(List<LockEvent> events) {
        Lock lock = this;
        for (LockEvent event : events) {
            lock = lock.evolve(event);
        }
        return lock;
    }

    private Lock asked(LockRequested event) {
        require(place(event.claim()).isEmpty(), event);
        List<Place> longer = new ArrayList<>(queue);
        longer.add(new Place(event.claim(), nextNumber(), event.group(), event.age(), false));
        return new Lock(project, name, holders, longer, newest);
    }

    private Lock acquired(LockAcquired event) {
        require(!queue.isEmpty() && queue.get(0).claim().equals(event.claim()), event);
        Place next = queue.get(0);
        require(Stream.concat(holders.stream(), Stream.of(next)).allMatch(one -> one.limit() > holders.size()), event);
        List<Place> more = new ArrayList<>(holders);
        more.add(next);
        return new Lock(project, name, more, queue.subList(1, queue.size()), newest);
    }

    private Lock released(LockReleased event) {
        Optional<Left> left = event.left()
                .filter(age -> !outdates(age))
                .map(age -> new Left(age, event.claim()))
                .or(() -> newest);
        return new Lock(project, name, without(holders, event), without(queue, event), left);
    }

    private Lock refused(LockRefused event) {
        require(queue.stream().anyMatch(place -> place.claim().equals(event.claim())), event);
        return new Lock(project, name, holders, without(queue, event), newest);
    }

    /** What goes on keeps the lock until it has ended. */
    private Lock superseded(LockSuperseded event) {
        require(place(event.claim()).isPresent(), event);
        List<Place> leaving = holders.stream()
                .map(place -> place.claim().equals(event.claim()) ? place.leaves() : place)
                .toList();
        return new Lock(project, name, leaving, without(queue, event), newest);
    }

    /** Places are numbered in their order; who holds the lock came before those that wait. */
    private long nextNumber() {
        return Stream.concat(holders.stream(), queue.stream())
                        .mapToLong(Place::number)
                        .max()
                        .orElse(0)
                + 1;
    }

    private static List<Place> without(List<Place> places, LockEvent event) {
        return places.stream()
                .filter(place -> !place.claim().equals(event.claim()))
                .toList();
    }

    private void require(boolean condition, LockEvent event) {
        if (!condition) {
            throw new IllegalStateException(
                    "Expected an event that can follow in lock " + name + ", but it is " + event + " in " + this);
        }
    }
}

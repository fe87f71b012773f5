package dev.flujo.core.pool;

import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.PoolEvent.StopRequested;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One pool of runners: the queue of work and who executes what. It alone assigns, first come first served, to the runner
 * with the most free slots.
 *
 * <p>Judging never changes it; only {@link #apply} does, and in place: with thousands of queued attempts, copying the queue
 * for each event would cost more than everything else. It is confined to one thread.
 */
public final class Pool {

    /** How long a runner counts as alive after its last word. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private final String name;
    private final TreeSet<Slot> waiting = new TreeSet<>();
    private final Map<Attempt, Slot> slots = new HashMap<>();
    private final TreeMap<String, Runner> runners = new TreeMap<>();
    private final Map<String, TreeSet<Attempt>> assigned = new HashMap<>();

    public Pool(String name) {
        this.name = name;
    }

    /** A pool as it was kept; every runner gets a whole lease from now, since nobody knows what was missed. */
    public static Pool restored(String name, Collection<Slot> slots, Collection<Runner> runners, Instant now) {
        Pool pool = new Pool(name);
        runners.forEach(runner -> pool.runners.put(runner.id(), runner.seen(now)));
        slots.forEach(pool::put);
        return pool;
    }

    /** Work wants a slot. */
    public List<Event> decideRequested(SlotRequested request, Instant now) {
        if (slots.containsKey(request.attempt())) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(List.of(request));
        Map<String, Integer> free = freeSlots();
        if (waiting.isEmpty()) {
            roomiest(free)
                    .ifPresent(runner -> events.add(assignment(request.work().project(), request.attempt(), runner)));
        }
        return events;
    }

    /** An attempt has ended: its slot is free for the next. */
    public List<Event> decideReleased(Attempt attempt) {
        Slot slot = slots.get(attempt);
        if (slot == null) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(List.of(new SlotReleased(name, attempt)));
        Map<String, Integer> free = freeSlots();
        slot.runner().ifPresent(runner -> offer(free, runner, 1));
        assignInto(free, Optional.of(attempt), events);
        return events;
    }

    /** An attempt shall not go on: it leaves the queue, or its runner is told. */
    public List<Event> decideStop(StopRequested request) {
        Slot slot = slots.get(request.attempt());
        if (slot == null) {
            return List.of();
        }
        return slot.runner()
                .<List<Event>>map(runner ->
                        List.of(new WorkStopped(runner, request.project(), request.attempt(), request.reason())))
                .orElseGet(() -> List.of(new SlotReleased(name, request.attempt())));
    }

    /**
     * A runner lives. What it claims to execute and is not its own (any more), it is told to stop; what it was told to stop
     * and does not execute any more leaves its slot, whether or not the run still hears of the end.
     */
    public List<Event> decideAlive(RunnerAlive alive) {
        List<Event> events = new ArrayList<>(List.of(alive));
        for (Attempt attempt : alive.running()) {
            Slot slot = slots.get(attempt);
            if (slot == null || !slot.runner().equals(Optional.of(alive.runner()))) {
                events.add(new WorkStopped(alive.runner(), "", attempt, "the attempt is not this runner's any more"));
            }
        }
        List<Attempt> left = stoppedBy(alive);
        left.forEach(attempt -> events.add(new SlotReleased(name, attempt)));
        Map<String, Integer> free = freeSlots();
        free.remove(alive.runner());
        if (!alive.draining()) {
            free.put(alive.runner(), alive.slots() - load(alive.runner()) + left.size());
        }
        assignInto(free, Optional.empty(), events);
        return events;
    }

    /** A runner has left: what it still had is lost. */
    public List<Event> decideLeft(RunnerLeft left) {
        return runners.containsKey(left.runner()) ? lost(left.runner(), "its runner has left") : List.of();
    }

    /** Time has passed: who was not heard of for a lease is gone, and what was never taken up is taken back. */
    public List<Event> decideTick(Instant now) {
        List<Event> events = new ArrayList<>();
        for (Runner runner : runners.values()) {
            if (runner.lastSeen().plus(LEASE).isBefore(now)) {
                events.addAll(lost(
                        runner.id(),
                        "its runner " + runner.id() + " was not heard of for " + LEASE.toSeconds() + " s"));
            } else {
                forgotten(runner, now, events);
            }
        }
        return events;
    }

    /** Applies an event that this pool decided; gives the attempts and runners whose kept state it changes. */
    public Touched apply(Event event, UUID chainId, Instant now) {
        if (event instanceof SlotRequested e) {
            put(new Slot(
                    e.work(), chainId, e.requestedAt(), Optional.empty(), Optional.empty(), false, false, e.lock()));
            return Touched.attempt(e.attempt());
        }
        if (event instanceof JobAssigned e) {
            put(remove(e.attempt()).assigned(e.runner(), now));
            return Touched.attempt(e.attempt());
        }
        if (event instanceof SlotReleased e) {
            remove(e.attempt());
            return Touched.attempt(e.attempt());
        }
        if (event instanceof JobLost e) {
            remove(e.attempt());
            return Touched.attempt(e.attempt());
        }
        if (event instanceof RunnerAlive e) return alive(e, now);
        if (event instanceof RunnerLeft e) {
            runners.remove(e.runner());
            return Touched.runner(e.runner());
        }
        if (event instanceof WorkStopped e) return stopped(e);
        throw new IllegalStateException("Expected an event of a pool, but it is " + event);
    }

    /** What an applied event changed, for keeping it. */
    public record Touched(List<Attempt> attempts, Optional<String> runner) {

        static final Touched NOTHING = new Touched(List.of(), Optional.empty());

        public Touched {
            attempts = List.copyOf(attempts);
        }

        static Touched attempt(Attempt attempt) {
            return new Touched(List.of(attempt), Optional.empty());
        }

        static Touched runner(String runner) {
            return new Touched(List.of(), Optional.of(runner));
        }
    }

    /** Every runner gets a whole lease from now: the pool itself could not listen for a while. */
    public void grantLeases(Instant now) {
        runners.replaceAll((id, runner) -> runner.seen(now));
    }

    public Optional<Slot> slot(Attempt attempt) {
        return Optional.ofNullable(slots.get(attempt));
    }

    public Optional<Runner> runner(String id) {
        return Optional.ofNullable(runners.get(id));
    }

    public Collection<Slot> slots() {
        return Collections.unmodifiableCollection(slots.values());
    }

    public int waiting() {
        return waiting.size();
    }

    /** Those that wait and come first, in their order. */
    public List<Attempt> next(int most) {
        return waiting.stream().limit(most).map(Slot::attempt).toList();
    }

    /** How many attempts the living runners can have at once. */
    public int capacity() {
        return runners.values().stream().mapToInt(Runner::slots).sum();
    }

    public int runners() {
        return runners.size();
    }

    /** How many more attempts the living runners could take now. */
    public int free() {
        return freeSlots().values().stream()
                .mapToInt(count -> Math.max(0, count))
                .sum();
    }

    private Touched alive(RunnerAlive event, Instant now) {
        runners.put(event.runner(), new Runner(event.runner(), event.slots(), event.draining(), now));
        List<Attempt> taken = new ArrayList<>();
        for (Attempt attempt : event.running()) {
            Slot slot = slots.get(attempt);
            if (slot != null && !slot.taken() && slot.runner().equals(Optional.of(event.runner()))) {
                slots.put(attempt, slot.takenUp());
                taken.add(attempt);
            }
        }
        return new Touched(taken, Optional.of(event.runner()));
    }

    private Touched stopped(WorkStopped event) {
        Slot slot = slots.get(event.attempt());
        if (slot == null || !slot.runner().equals(Optional.of(event.runner()))) {
            return Touched.NOTHING;
        }
        slots.put(event.attempt(), slot.nowStopped());
        return Touched.attempt(event.attempt());
    }

    private List<Attempt> stoppedBy(RunnerAlive alive) {
        Set<Attempt> running = Set.copyOf(alive.running());
        return assigned.getOrDefault(alive.runner(), new TreeSet<>()).stream()
                .filter(attempt -> slots.get(attempt).stopped() && !running.contains(attempt))
                .toList();
    }

    private void assignInto(Map<String, Integer> free, Optional<Attempt> leaving, List<Event> events) {
        for (Slot slot : waiting) {
            if (leaving.equals(Optional.of(slot.attempt()))) {
                continue;
            }
            Optional<String> runner = roomiest(free);
            if (runner.isEmpty()) {
                return;
            }
            free.merge(runner.get(), -1, Integer::sum);
            events.add(assignment(slot.work().project(), slot.attempt(), runner.get()));
        }
    }

    private JobAssigned assignment(String project, Attempt attempt, String runner) {
        return new JobAssigned(project, attempt, name, runner);
    }

    private void forgotten(Runner runner, Instant now, List<Event> events) {
        for (Attempt attempt : assigned.getOrDefault(runner.id(), new TreeSet<>())) {
            Slot slot = slots.get(attempt);
            if (!slot.taken() && slot.assignedAt().orElseThrow().plus(LEASE).isBefore(now)) {
                events.add(new JobLost(
                        slot.work().project(),
                        attempt,
                        runner.id(),
                        "its runner " + runner.id() + " never took it up"));
            }
        }
    }

    private List<Event> lost(String runner, String reason) {
        List<Event> events = new ArrayList<>();
        for (Attempt attempt : assigned.getOrDefault(runner, new TreeSet<>())) {
            events.add(new JobLost(slots.get(attempt).work().project(), attempt, runner, reason));
        }
        events.add(new RunnerLeft(name, runner));
        return events;
    }

    private Map<String, Integer> freeSlots() {
        Map<String, Integer> free = new TreeMap<>();
        runners.keySet().forEach(runner -> offer(free, runner, 0));
        return free;
    }

    /** Counts what a runner has free, and {@code leaving} more, if it wants work. */
    private void offer(Map<String, Integer> free, String id, int leaving) {
        Runner runner = runners.get(id);
        if (runner != null && !runner.draining()) {
            free.put(id, runner.slots() - load(id) + leaving);
        }
    }

    private int load(String runner) {
        TreeSet<Attempt> its = assigned.get(runner);
        return its == null ? 0 : its.size();
    }

    private static Optional<String> roomiest(Map<String, Integer> free) {
        return free.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    private void put(Slot slot) {
        slots.put(slot.attempt(), slot);
        if (slot.runner().isPresent()) {
            assigned.computeIfAbsent(slot.runner().get(), id -> new TreeSet<>()).add(slot.attempt());
        } else {
            waiting.add(slot);
        }
    }

    private Slot remove(Attempt attempt) {
        Slot slot = slots.remove(attempt);
        if (slot == null) {
            throw new IllegalStateException("Expected the attempt " + attempt.id() + " in pool " + name);
        }
        waiting.remove(slot);
        slot.runner().ifPresent(runner -> {
            TreeSet<Attempt> its = assigned.get(runner);
            its.remove(attempt);
            if (its.isEmpty()) {
                assigned.remove(runner);
            }
        });
        return slot;
    }
}

package dev.flujo.core.pool;

import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.PoolEvent.LimitsSet;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.PoolEvent.StopRequested;
import dev.flujo.event.PoolLimits;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One pool of runners: the queue of work and who executes what. It alone assigns: in turns between projects, and of one project
 * what asked first or is more urgent, to the runner with the most free slots among those that have the labels.
 *
 * <p>Judging never changes it; only {@link #apply} does, and in place: with thousands of queued attempts, copying the queue
 * for each event would cost more than everything else. It is confined to one thread.
 */
public final class Pool {

    /** How long a runner counts as alive after its last word. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private static final String HAS_LEFT = "its runner has left";

    private final String name;
    private final Occupants occupants = new Occupants();
    private final TreeMap<String, Runner> runners = new TreeMap<>();
    private final Held held = new Held();
    private PoolLimits limits = PoolLimits.NONE;

    public Pool(String name) {
        this.name = name;
    }

    /** A pool as it was kept, with whole leases from now, since nobody knows what was missed. */
    public static Pool restored(String name, Kept kept, Instant now) {
        Pool pool = new Pool(name);
        pool.limits = kept.limits();
        kept.runners().forEach(runner -> pool.runners.put(runner.id(), runner));
        kept.slots().stream()
                .sorted(Comparator.comparing(slot -> slot.assignedAt().orElse(Instant.MIN)))
                .forEach(pool.occupants::put);
        pool.occupants.shares().restore(kept.turns());
        pool.grantLeases(now);
        return pool;
    }

    /**
     * What is kept of a pool.
     *
     * @param turns when each project that has something in the pool had its last turn; one that is missing is guessed
     */
    public record Kept(List<Slot> slots, List<Runner> runners, PoolLimits limits, Map<String, Long> turns) {

        public Kept {
            slots = List.copyOf(slots);
            runners = List.copyOf(runners);
            turns = Map.copyOf(turns);
        }
    }

    /** Work wants a slot. What already waits cannot have a slot that is free, so nobody is overtaken. */
    public List<Event> decideRequested(SlotRequested request) {
        if (occupants.find(request.attempt()).isPresent()) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(List.of(request));
        Work work = request.work();
        if (occupants.shares().of(work.project()) < limits.of(work.project())) {
            seats().roomiest(Set.copyOf(work.job().placement().labels()))
                    .ifPresent(runner -> events.add(new JobAssigned(work.project(), request.attempt(), name, runner)));
        }
        return events;
    }

    /** An attempt has ended: its slot is free for the next. */
    public List<Event> decideReleased(Attempt attempt) {
        Optional<Slot> slot = occupants.find(attempt);
        if (slot.isEmpty()) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(List.of(new SlotReleased(name, attempt)));
        assign(runners.values().stream(), List.of(slot.get()), limits, events);
        return events;
    }

    /** An attempt shall not go on: it leaves the queue, or its runner is told. */
    public List<Event> decideStop(StopRequested request) {
        Optional<Slot> slot = occupants.find(request.attempt());
        if (slot.isEmpty()) {
            return List.of();
        }
        return slot.get()
                .runner()
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
            if (!isWith(attempt, alive.runner())) {
                events.add(new WorkStopped(alive.runner(), "", attempt, "the attempt is not this runner's any more"));
            }
        }
        Set<Attempt> running = Set.copyOf(alive.running());
        List<Slot> left = occupants.with(alive.runner()).stream()
                .filter(slot -> slot.stopped() && !running.contains(slot.attempt()))
                .toList();
        left.forEach(slot -> events.add(new SlotReleased(name, slot.attempt())));
        Stream<Runner> others =
                runners.values().stream().filter(runner -> !runner.id().equals(alive.runner()));
        assign(Stream.concat(others, Stream.of(runner(alive, Instant.MIN))), left, limits, events);
        return events;
    }

    /**
     * A runner has left: what it still had is lost. What it was given and has not taken up may be on its way to whoever comes back under
     * its name, and would be executed there: that stays with the runner, which gets nothing more, until its lease is over.
     */
    public List<Event> decideLeft(RunnerLeft left) {
        Runner runner = runners.get(left.runner());
        if (runner == null) {
            return List.of();
        }
        Losses losses = new Losses(name, occupants);
        List<Slot> had = occupants.with(runner.id());
        if (had.stream().allMatch(Slot::taken)) {
            losses.runner(runner.id(), HAS_LEFT);
            return after(losses);
        }
        List<Event> events = new ArrayList<>();
        if (!runner.draining()) {
            List<String> labels = runner.labels().stream().sorted().toList();
            events.add(new RunnerAlive(name, runner.id(), runner.slots(), labels, List.of(), true));
        }
        had.stream().filter(Slot::taken).forEach(slot -> losses.slot(slot, HAS_LEFT));
        events.addAll(losses.events());
        assign(runners.values().stream().filter(other -> !other.equals(runner)), losses.slots(), limits, events);
        return events;
    }

    /** Time has passed: who was not heard of for a lease is gone, and what was never taken up is taken back. */
    public List<Event> decideTick(Instant now) {
        Losses losses = new Losses(name, occupants);
        for (Runner runner : runners.values()) {
            if (runner.lastSeen().plus(LEASE).isBefore(now)) {
                losses.runner(
                        runner.id(), "its runner " + runner.id() + " was not heard of for " + LEASE.toSeconds() + " s");
            } else {
                occupants.with(runner.id()).stream()
                        .filter(slot -> !slot.taken()
                                && slot.assignedAt().orElseThrow().plus(LEASE).isBefore(now))
                        .forEach(slot -> losses.slot(slot, "its runner " + runner.id() + " never took it up"));
            }
        }
        return after(losses);
    }

    /** So much of it projects may have from now on. */
    public List<Event> decideLimits(LimitsSet set) {
        if (set.limits().equals(limits)) {
            return List.of();
        }
        List<Event> events = new ArrayList<>(List.of(set));
        assign(runners.values().stream(), List.of(), set.limits(), events);
        return events;
    }

    /** Applies an event that this pool decided; gives the attempts and runners whose kept state it changes. */
    public Touched apply(Event event, UUID chainId, Instant now) {
        if (event instanceof SlotRequested e) {
            occupants.put(new Slot(
                    e.work(), chainId, e.requestedAt(), Optional.empty(), Optional.empty(), false, false, e.lock()));
            return Touched.attempt(e.attempt(), e.work().project());
        }
        if (event instanceof JobAssigned e) {
            occupants.put(occupants.remove(e.attempt()).assigned(e.runner(), now));
            return Touched.attempt(e.attempt(), e.project());
        }
        if (event instanceof SlotReleased e) {
            Slot slot = occupants.remove(e.attempt());
            slot.assignedAt().ifPresent(at -> held.add(Duration.between(at, now)));
            return left(slot);
        }
        if (event instanceof JobLost e) {
            return left(occupants.remove(e.attempt()));
        }
        if (event instanceof LimitsSet e) {
            limits = e.limits();
            return Touched.LIMITS;
        }
        if (event instanceof RunnerAlive e) return alive(e, now);
        if (event instanceof RunnerLeft e) {
            runners.remove(e.runner());
            return Touched.runner(e.runner());
        }
        if (event instanceof WorkStopped e) return stopped(e);
        throw new IllegalStateException("Expected an event of a pool, but it is " + event);
    }

    /** A project of which nothing is left has no turn to be kept. */
    private Touched left(Slot slot) {
        return turn(slot.project()).isPresent()
                ? Touched.attempt(slot.attempt())
                : Touched.attempt(slot.attempt(), slot.project());
    }

    /**
     * What an applied event changed, for keeping it.
     *
     * @param project whose last turn is another one now
     */
    public record Touched(List<Attempt> attempts, Optional<String> runner, boolean limits, Optional<String> project) {

        static final Touched NOTHING = new Touched(List.of(), Optional.empty(), false, Optional.empty());
        static final Touched LIMITS = new Touched(List.of(), Optional.empty(), true, Optional.empty());

        public Touched {
            attempts = List.copyOf(attempts);
        }

        static Touched attempt(Attempt attempt) {
            return new Touched(List.of(attempt), Optional.empty(), false, Optional.empty());
        }

        static Touched attempt(Attempt attempt, String project) {
            return new Touched(List.of(attempt), Optional.empty(), false, Optional.of(project));
        }

        static Touched runner(String runner) {
            return new Touched(List.of(), Optional.of(runner), false, Optional.empty());
        }
    }

    /**
     * Whole leases from now, for every runner to be heard of and for what it was given to be taken up: the pool itself could not
     * listen for a while.
     */
    public void grantLeases(Instant now) {
        runners.replaceAll((id, runner) -> runner.seen(now));
        List.copyOf(occupants.all()).forEach(slot -> occupants.update(slot.waitedFor(now)));
    }

    public Optional<Slot> slot(Attempt attempt) {
        return occupants.find(attempt);
    }

    /** When a project had its last turn, or came; none if it has nothing here. */
    public Optional<Long> turn(String project) {
        return occupants.shares().lastTurn(project);
    }

    public Optional<Runner> runner(String id) {
        return Optional.ofNullable(runners.get(id));
    }

    public Collection<Slot> slots() {
        return Collections.unmodifiableCollection(occupants.all());
    }

    public int waiting() {
        return occupants.line().size();
    }

    /** Those that wait, in the order in which their turns come if every slot suits everybody. */
    public List<Attempt> next(int most) {
        Turns turns = new Turns(occupants, PoolLimits.NONE, labels -> Optional.of(""));
        return Stream.generate(turns::next)
                .limit(most)
                .takeWhile(Optional::isPresent)
                .map(turn -> turn.orElseThrow().slot().attempt())
                .toList();
    }

    /** The projects that wait and have as many slots as they may. */
    public List<String> atLimit() {
        return occupants.line().projects().stream()
                .filter(project -> occupants.shares().of(project) >= limits.of(project))
                .toList();
    }

    public PoolLimits limits() {
        return limits;
    }

    /** How long attempts had their slots of late; none as long as none has ended. */
    public Optional<Duration> held() {
        return held.mean();
    }

    /** How many attempts the living runners can have at once. */
    public int capacity() {
        return runners.values().stream().mapToInt(Runner::slots).sum();
    }

    /** The living runners, in the order of their ids. */
    public Collection<Runner> runners() {
        return Collections.unmodifiableCollection(runners.values());
    }

    /** How many more attempts the living runners could take now. */
    public int free() {
        return seats().count();
    }

    private Touched alive(RunnerAlive event, Instant now) {
        runners.put(event.runner(), runner(event, now));
        List<Attempt> taken = new ArrayList<>();
        for (Attempt attempt : event.running()) {
            if (isWith(attempt, event.runner())) {
                Slot slot = occupants.find(attempt).orElseThrow();
                if (!slot.taken()) {
                    occupants.update(slot.takenUp());
                    taken.add(attempt);
                }
            }
        }
        return new Touched(taken, Optional.of(event.runner()), false, Optional.empty());
    }

    private Touched stopped(WorkStopped event) {
        if (!isWith(event.attempt(), event.runner())) {
            return Touched.NOTHING;
        }
        occupants.update(occupants.find(event.attempt()).orElseThrow().nowStopped());
        return Touched.attempt(event.attempt());
    }

    private boolean isWith(Attempt attempt, String runner) {
        return occupants.find(attempt).flatMap(Slot::runner).equals(Optional.of(runner));
    }

    private List<Event> after(Losses losses) {
        List<Event> events = new ArrayList<>(losses.events());
        if (!events.isEmpty()) {
            assign(runners.values().stream().filter(losses::stays), losses.slots(), limits, events);
        }
        return events;
    }

    /** Gives the free slots of these runners to those whose turn it is, as long as there are some. */
    private void assign(Stream<Runner> of, List<Slot> leaving, PoolLimits under, List<Event> events) {
        if (occupants.line().size() == 0) {
            return;
        }
        Seats seats = new Seats(of, occupants, leaving);
        Turns turns = new Turns(occupants, under, seats::roomiest);
        leaving.forEach(turns::leaves);
        while (seats.count() > 0) {
            Optional<Turns.Turn> turn = turns.next();
            if (turn.isEmpty()) {
                return;
            }
            seats.take(turn.get().runner());
            Slot slot = turn.get().slot();
            events.add(new JobAssigned(
                    slot.project(), slot.attempt(), name, turn.get().runner()));
        }
    }

    private Seats seats() {
        return new Seats(runners.values().stream(), occupants, List.of());
    }

    private static Runner runner(RunnerAlive alive, Instant seen) {
        return new Runner(alive.runner(), alive.slots(), Set.copyOf(alive.labels()), alive.draining(), seen);
    }
}

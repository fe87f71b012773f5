package dev.flujo.core.pool;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Plans;
import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No project waits longer than its share, whatever the others ask for, and whether or not the pool is taken over by another
 * replica meanwhile. Every slot suits everybody here; the seed is the name of the case.
 */
class PoolFairnessTest {

    private static final int STEPS = 400;

    private final Map<String, Integer> patience = new HashMap<>();
    private Pool pool = new Pool("default");
    private Instant now = NOW;
    private int count;

    static IntStream seeds() {
        return IntStream.range(0, Integer.getInteger("flujo.seeds", 200));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noProjectWaitsLongerThanItsShare(int seed) {
        Random random = new Random(seed);
        int projects = 2 + random.nextInt(7);
        int greed = 1 + random.nextInt(6);
        for (int step = 0; step < STEPS; step++) {
            now = now.plusSeconds(random.nextInt(3));
            Function<Pool, List<Event>> command = command(random, projects, greed);
            Pool other = Pool.restored("default", kept(), now);
            List<Event> events = command.apply(pool);
            assertEquals(events, command.apply(other), "another replica decides otherwise");
            if (random.nextInt(20) == 0) {
                pool = other;
            }
            events.forEach(this::follow);
        }
    }

    /** One project asks for more than all others, in bursts, at any urgency. */
    private Function<Pool, List<Event>> command(Random random, int projects, int greed) {
        int kind = random.nextInt(10 + greed);
        if (kind >= 10 || kind < 3) {
            String project = kind >= 10 ? "p0" : "p" + random.nextInt(projects);
            SlotRequested request = request(project, random.nextInt(201) - 100);
            return of -> of.decideRequested(request);
        }
        if (kind < 8) {
            List<Attempt> running = pool.slots().stream()
                    .filter(slot -> slot.runner().isPresent())
                    .map(Slot::attempt)
                    .sorted()
                    .toList();
            Optional<Attempt> ends =
                    running.isEmpty() ? Optional.empty() : Optional.of(running.get(random.nextInt(running.size())));
            return of -> ends.map(of::decideReleased).orElse(List.of());
        }
        String runner = "r" + random.nextInt(2);
        if (random.nextInt(8) == 0) {
            return of -> of.decideLeft(new RunnerLeft("default", runner));
        }
        int slots = 1 + random.nextInt(4);
        List<Attempt> its = pool.slots().stream()
                .filter(slot -> slot.runner().equals(Optional.of(runner)))
                .map(Slot::attempt)
                .sorted()
                .toList();
        return of -> of.decideAlive(new RunnerAlive("default", runner, slots, List.of(), its, false));
    }

    private void follow(Event event) {
        if (event instanceof JobAssigned e) {
            assertFair(e.project());
        }
        pool.apply(event, new UUID(0, 0), now);
        Map<String, Long> held = held();
        List<String> waiting = waiting();
        patience.keySet().removeIf(project -> !waiting.contains(project) || held.containsKey(project));
        long others = pool.slots().stream().map(Slot::project).distinct().count() - 1;
        waiting.stream()
                .filter(project -> !held.containsKey(project))
                .forEach(project -> patience.putIfAbsent(project, (int) others));
    }

    /** A slot goes to this project: nobody that waits has fewer, and nobody without any has seen too many go to others. */
    private void assertFair(String project) {
        Map<String, Long> held = held();
        for (String other : waiting()) {
            assertTrue(
                    held.getOrDefault(project, 0L) <= held.getOrDefault(other, 0L),
                    () -> project + " has more than " + other + ", which waits");
        }
        patience.replaceAll((other, left) -> other.equals(project) ? left : left - 1);
        patience.forEach((other, left) -> assertTrue(left >= 0, () -> other + " waits longer than its share"));
    }

    private List<String> waiting() {
        return pool.slots().stream()
                .filter(slot -> slot.runner().isEmpty())
                .map(Slot::project)
                .distinct()
                .toList();
    }

    private Map<String, Long> held() {
        return pool.slots().stream()
                .filter(slot -> slot.runner().isPresent())
                .collect(Collectors.groupingBy(Slot::project, Collectors.counting()));
    }

    private Pool.Kept kept() {
        Map<String, Long> turns = new HashMap<>();
        pool.slots().forEach(slot -> pool.turn(slot.project()).ifPresent(turn -> turns.put(slot.project(), turn)));
        return new Pool.Kept(List.copyOf(pool.slots()), List.copyOf(pool.runners()), pool.limits(), turns);
    }

    private SlotRequested request(String project, int priority) {
        Placement placement = new Placement(
                Optional.empty(), List.of(), priority, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        Plan plan = Plans.plan(Plans.placed("build", placement));
        Work work = Run.begun(Plans.queued(project, new UUID(0, ++count), plan))
                .work(plan.jobs().get(0));
        return new SlotRequested("default", work, now);
    }
}

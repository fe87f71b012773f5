package dev.flujo.core.pool;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Plans;
import dev.flujo.core.run.Run;
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
import dev.flujo.event.Work;
import dev.flujo.event.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolTest {

    private static final Duration PAST_LEASE = Pool.LEASE.plusSeconds(1);

    private final Pool pool = new Pool("default");
    private Instant now = NOW;

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @Test
    void assignsAtOnceWhereASlotIsFree() {
        alive("r1", 1);

        happens(pool.decideRequested(request(1), now), request(1), assigned(1, "r1"));
        happens(pool.decideRequested(request(2), now), request(2));
    }

    @Test
    void givesAFreedSlotToWhoAskedFirst() {
        alive("r1", 1);
        for (int i = 1; i <= 3; i++) {
            apply(pool.decideRequested(request(i), now));
        }

        happens(pool.decideReleased(attempt(1)), new SlotReleased("default", attempt(1)), assigned(2, "r1"));
    }

    @Test
    void prefersTheRunnerWithTheMostFreeSlots() {
        alive("r1", 1);
        alive("r2", 3);

        happens(pool.decideRequested(request(1), now), request(1), assigned(1, "r2"));
        happens(pool.decideRequested(request(2), now), request(2), assigned(2, "r2"));
        happens(pool.decideRequested(request(3), now), request(3), assigned(3, "r1"));
    }

    @Test
    void givesNothingNewToARunnerThatDrains() {
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 4, List.of(), List.of(), true)));

        happens(pool.decideRequested(request(1), now), request(1));
    }

    @Test
    void aRunnerThatComesGetsWhatWaits() {
        apply(pool.decideRequested(request(1), now));
        RunnerAlive alive = new RunnerAlive("default", "r1", 2, List.of(), List.of(), false);

        happens(pool.decideAlive(alive), alive, assigned(1, "r1"));
    }

    @Test
    void takesBackWhatASilentRunnerHad() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        now = now.plus(PAST_LEASE);

        happens(
                pool.decideTick(now),
                new JobLost("shop", attempt(1), "r1", "its runner r1 was not heard of for 30 s"),
                new RunnerLeft("default", "r1"));
        assertEquals(0, pool.slots().size());
    }

    @Test
    void takesBackWhatALivingRunnerNeverTookUp() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        now = now.plus(PAST_LEASE);
        alive("r1", 1);

        happens(pool.decideTick(now), new JobLost("shop", attempt(1), "r1", "its runner r1 never took it up"));
    }

    @Test
    void leavesARunnerWhatItHasTakenUp() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        now = now.plus(PAST_LEASE);
        alive("r1", 1);

        happens(pool.decideTick(now));
    }

    @Test
    void tellsARunnerToStopWhatIsNotItsOwn() {
        RunnerAlive alive = new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false);

        happens(
                pool.decideAlive(alive),
                alive,
                new WorkStopped("r1", "", attempt(1), "the attempt is not this runner's any more"));
    }

    @Test
    void takesBackTheSlotOfAStoppedAttemptThatItsRunnerDoesNotExecuteAnyMore() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        apply(pool.decideRequested(request(2), now));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        apply(pool.decideStop(new StopRequested("default", "shop", attempt(1), "by somebody")));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        RunnerAlive alive = new RunnerAlive("default", "r1", 1, List.of(), List.of(), false);

        happens(pool.decideAlive(alive), alive, new SlotReleased("default", attempt(1)), assigned(2, "r1"));
    }

    @Test
    void stopsAnAssignedAttemptAndDropsAWaitingOne() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        apply(pool.decideRequested(request(2), now));

        happens(
                pool.decideStop(new StopRequested("default", "shop", attempt(1), "enough")),
                new WorkStopped("r1", "shop", attempt(1), "enough"));
        happens(
                pool.decideStop(new StopRequested("default", "shop", attempt(2), "enough")),
                new SlotReleased("default", attempt(2)));
    }

    @Test
    void grantsAWholeLeaseAfterARestart() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1), now));
        Instant later = now.plus(Duration.ofHours(1));

        Pool restored =
                Pool.restored("default", pool.slots(), List.of(pool.runner("r1").orElseThrow()), later);

        assertEquals(
                List.of("its runner r1 never took it up"),
                restored.decideTick(later.plusSeconds(1)).stream()
                        .map(event -> ((JobLost) event).reason())
                        .toList());
        assertTrue(restored.runner("r1").isPresent());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noAttemptIsOnTwoRunnersAndNoRunnerHasMoreThanItsSlots(int seed) {
        Random random = new Random(seed);
        List<Integer> wanted = new ArrayList<>();
        Map<Attempt, String> where = new HashMap<>();
        Pool replayed = new Pool("default");
        for (int i = 0; i < 300; i++) {
            now = now.plusSeconds(random.nextInt(4));
            Function<Pool, List<Event>> command = command(random, wanted, where);
            List<Event> events = command.apply(pool);
            assertEquals(events, command.apply(replayed), "decided otherwise after a replay");
            apply(events);
            events.forEach(event -> replayed.apply(event, new UUID(0, 0), now));
            assertEquals(List.copyOf(replayed.slots()), List.copyOf(pool.slots()));
            assertEquals(replayed.free(), pool.free());
            follow(events, where);
            Map<String, Long> load = new HashMap<>();
            where.values().forEach(runner -> load.merge(runner, 1L, Long::sum));
            load.forEach((runner, count) -> assertTrue(count <= 3, "more than its slots on " + runner));
            assertTrue(pool.waiting() == 0 || pool.free() == 0, "something waits beside a free slot");
            assertInOrder();
        }
    }

    private Function<Pool, List<Event>> command(Random random, List<Integer> wanted, Map<Attempt, String> where) {
        switch (random.nextInt(6)) {
            case 0 -> {
                RunnerAlive alive = alive(random, where);
                return to -> to.decideAlive(alive);
            }
            case 1, 2 -> {
                SlotRequested request = request(wanted.size() + 1);
                wanted.add(wanted.size() + 1);
                return to -> to.decideRequested(request, now);
            }
            case 3, 4 -> {
                Optional<Attempt> released = wanted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(attempt(wanted.get(random.nextInt(wanted.size()))));
                return to -> released.map(to::decideReleased).orElse(List.of());
            }
            default -> {
                return to -> to.decideTick(now);
            }
        }
    }

    private static RunnerAlive alive(Random random, Map<Attempt, String> where) {
        String runner = "r" + random.nextInt(3);
        List<Attempt> its = where.entrySet().stream()
                .filter(entry -> entry.getValue().equals(runner))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new RunnerAlive("default", runner, 3, List.of(), its, false);
    }

    private void follow(List<Event> events, Map<Attempt, String> where) {
        for (Event event : events) {
            if (event instanceof JobAssigned e) {
                assertEquals(null, where.put(e.attempt(), e.runner()), "twice assigned: " + e.attempt());
            } else if (event instanceof JobLost e) {
                where.remove(e.attempt());
            } else if (event instanceof SlotReleased e) {
                where.remove(e.attempt());
            }
        }
    }

    /** Nothing that waits asked before something that was assigned later than it came. */
    private void assertInOrder() {
        List<Slot> slots =
                pool.slots().stream().sorted(Comparator.naturalOrder()).toList();
        boolean waiting = false;
        for (Slot slot : slots) {
            waiting |= slot.runner().isEmpty();
            boolean late = waiting
                    && slot.assignedAt().isPresent()
                    && slot.assignedAt().get().equals(now)
                    && slot.requestedAt().isBefore(now);
            assertTrue(!late, "overtaken in the queue");
        }
    }

    private void alive(String runner, int slots) {
        apply(pool.decideAlive(new RunnerAlive("default", runner, slots, List.of(), List.of(), false)));
    }

    private void happens(List<Event> events, Event... expected) {
        assertEquals(List.of(expected), events);
        apply(events);
    }

    private void apply(List<Event> events) {
        events.forEach(event -> pool.apply(event, new UUID(0, 0), now));
    }

    private static JobAssigned assigned(int number, String runner) {
        return new JobAssigned("shop", attempt(number), "default", runner);
    }

    private static SlotRequested request(int number) {
        Plan plan = Plans.plan(Plans.job("build"));
        Work first = Run.begun(Plans.queued(new UUID(0, number), plan))
                .work(plan.jobs().get(0));
        return new SlotRequested("default", first, NOW.plusMillis(number));
    }

    private static Attempt attempt(int number) {
        return new Attempt(new UUID(0, number), "build", 1);
    }
}

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
import dev.flujo.event.PoolEvent.LimitsSet;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.PoolEvent.SlotRequested;
import dev.flujo.event.PoolEvent.StopRequested;
import dev.flujo.event.PoolLimits;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoolTest {

    private static final Duration PAST_LEASE = Pool.LEASE.plusSeconds(1);

    private static final List<String> PROJECTS = List.of("a", "b", "c");

    private final Pool pool = new Pool("default");
    private Instant now = NOW;

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @Test
    void assignsAtOnceWhereASlotIsFree() {
        alive("r1", 1);

        happens(pool.decideRequested(request(1)), request(1), assigned(1, "r1"));
        happens(pool.decideRequested(request(2)), request(2));
    }

    @Test
    void givesAFreedSlotToWhoAskedFirst() {
        alive("r1", 1);
        for (int i = 1; i <= 3; i++) {
            apply(pool.decideRequested(request(i)));
        }

        happens(pool.decideReleased(attempt(1)), new SlotReleased("default", attempt(1)), assigned(2, "r1"));
    }

    @Test
    void prefersTheRunnerWithTheMostFreeSlots() {
        alive("r1", 1);
        alive("r2", 3);

        happens(pool.decideRequested(request(1)), request(1), assigned(1, "r2"));
        happens(pool.decideRequested(request(2)), request(2), assigned(2, "r2"));
        happens(pool.decideRequested(request(3)), request(3), assigned(3, "r1"));
    }

    @Test
    void givesNothingNewToARunnerThatDrains() {
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 4, List.of(), List.of(), true)));

        happens(pool.decideRequested(request(1)), request(1));
    }

    @Test
    void aRunnerThatComesGetsWhatWaits() {
        apply(pool.decideRequested(request(1)));
        RunnerAlive alive = new RunnerAlive("default", "r1", 2, List.of(), List.of(), false);

        happens(pool.decideAlive(alive), alive, assigned(1, "r1"));
    }

    @Test
    void givesTheNextSlotToTheProjectWithTheFewest() {
        alive("r1", 2);
        request("greedy", 1);
        request("greedy", 2);
        request("greedy", 3);
        request("modest", 4);

        happens(pool.decideReleased(attempt(1)), new SlotReleased("default", attempt(1)), assigned("modest", 4, "r1"));
    }

    @Test
    void projectsWithAsMuchTakeTurns() {
        alive("r1", 1);
        for (int i = 1; i <= 6; i++) {
            request(i <= 3 ? "first" : "second", i);
        }

        assertEquals(
                List.of(2, 4, 3, 5, 6),
                IntStream.range(0, 5).mapToObj(i -> next()).toList());
    }

    @Test
    void aMoreUrgentJobIsAsIfItHadAskedAMinuteEarlierForEachStep() {
        alive("r1", 1);
        request("shop", 1);
        request("shop", 2);
        apply(pool.decideRequested(request("shop", 3, NOW.plusSeconds(90), 2, List.of())));
        apply(pool.decideRequested(request("shop", 4, NOW.plusSeconds(90), 1, List.of())));

        assertEquals(
                List.of(3, 2, 4), IntStream.range(0, 3).mapToObj(i -> next()).toList());
    }

    @Test
    void givesAJobToARunnerThatHasAllItsLabels() {
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 5, List.of("linux"), List.of(), false)));
        apply(pool.decideAlive(new RunnerAlive("default", "r2", 1, List.of("gpu", "linux"), List.of(), false)));
        SlotRequested wish = request("shop", 1, NOW, 0, List.of("linux", "gpu"));

        happens(pool.decideRequested(wish), wish, assigned(1, "r2"));
    }

    @Test
    void whatNoRunnerCanTakeHoldsNobodyUp() {
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of("linux"), List.of(), false)));
        SlotRequested impossible = request("shop", 1, NOW, 100, List.of("gpu"));

        happens(pool.decideRequested(impossible), impossible);
        happens(pool.decideRequested(request(2)), request(2), assigned(2, "r1"));
        happens(pool.decideReleased(attempt(2)), new SlotReleased("default", attempt(2)));
        RunnerAlive able = new RunnerAlive("default", "r2", 1, List.of("gpu"), List.of(), false);
        happens(pool.decideAlive(able), able, assigned(1, "r2"));
    }

    @Test
    void aProjectHasNoMoreSlotsThanItsLimitAndOthersGoOn() {
        alive("r1", 3);
        LimitsSet set = new LimitsSet("default", new PoolLimits(Optional.of(1), Map.of()), "ada");
        happens(pool.decideLimits(set), set);

        happens(pool.decideRequested(request(1)), request(1), assigned(1, "r1"));
        happens(pool.decideRequested(request(2)), request(2));
        assertEquals(List.of("shop"), pool.atLimit());
        SlotRequested others = request("other", 3, NOW, 0, List.of());
        happens(pool.decideRequested(others), others, assigned("other", 3, "r1"));
        LimitsSet more = new LimitsSet("default", new PoolLimits(Optional.of(1), Map.of("shop", 2)), "ada");
        happens(pool.decideLimits(more), more, assigned(2, "r1"));
    }

    @Test
    void whatIsLostWithARunnerMakesRoomUnderTheLimitOfItsProject() {
        alive("r1", 1);
        apply(pool.decideLimits(new LimitsSet("default", new PoolLimits(Optional.of(1), Map.of()), "ada")));
        apply(pool.decideRequested(request(1)));
        apply(pool.decideRequested(request(2)));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        alive("r2", 1);

        happens(
                pool.decideLeft(new RunnerLeft("default", "r1")),
                new JobLost("shop", attempt(1), "r1", "its runner has left"),
                new RunnerLeft("default", "r1"),
                assigned(2, "r2"));
    }

    /** Whoever comes back under the name of a runner finds what was on its way there, and executes it. */
    @Test
    void whatARunnerHasNotTakenUpWhenItLeavesWaitsForItsLease() {
        alive("r1", 2);
        apply(pool.decideRequested(request(1)));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 2, List.of(), List.of(attempt(1)), false)));
        apply(pool.decideRequested(request(2)));

        happens(
                pool.decideLeft(new RunnerLeft("default", "r1")),
                new RunnerAlive("default", "r1", 2, List.of(), List.of(), true),
                new JobLost("shop", attempt(1), "r1", "its runner has left"));
        happens(pool.decideRequested(request(3)), request(3));
        now = now.plus(PAST_LEASE);
        happens(
                pool.decideTick(now),
                new JobLost("shop", attempt(2), "r1", "its runner r1 was not heard of for 30 s"),
                new RunnerLeft("default", "r1"));
    }

    @Test
    void whoComesBackUnderTheNameOfARunnerThatHasLeftTakesUpWhatWasOnItsWay() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
        apply(pool.decideLeft(new RunnerLeft("default", "r1")));

        RunnerAlive back = new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false);

        happens(pool.decideAlive(back), back);
        now = now.plus(PAST_LEASE);
        apply(pool.decideAlive(back));
        happens(pool.decideTick(now));
    }

    /** However many chains of jobs of others come and go, each project that has nothing is served once in a round. */
    @Test
    void nobodyWaitsLongerThanOneTurnOfEachOther() {
        alive("r1", 1);
        int projects = 7;
        Map<String, Integer> waitingSince = new HashMap<>();
        Map<Integer, String> whose = new HashMap<>();
        int number = 0;
        for (int p = 0; p < projects; p++) {
            for (int i = 0; i < (p == 0 ? 500 : 1); i++) {
                whose.put(++number, "p" + p);
                request("p" + p, number);
            }
            waitingSince.put("p" + p, 0);
        }
        for (int turn = 1; turn <= 400; turn++) {
            String served = whose.get(next());
            assertTrue(turn - waitingSince.get(served) <= projects, served + " waited for " + turn);
            waitingSince.put(served, turn);
            if (!served.equals("p0")) {
                whose.put(++number, served);
                request(served, number);
            }
        }
    }

    @Test
    void tellsHowLongSlotsWereHeldOfLate() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
        assertEquals(Optional.empty(), pool.held());
        now = now.plusSeconds(8);
        apply(pool.decideReleased(attempt(1)));

        assertEquals(Optional.of(Duration.ofSeconds(8)), pool.held());
    }

    @Test
    void takesBackWhatASilentRunnerHad() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
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
        apply(pool.decideRequested(request(1)));
        now = now.plus(PAST_LEASE);
        alive("r1", 1);

        happens(pool.decideTick(now), new JobLost("shop", attempt(1), "r1", "its runner r1 never took it up"));
    }

    @Test
    void leavesARunnerWhatItHasTakenUp() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
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
        apply(pool.decideRequested(request(1)));
        apply(pool.decideRequested(request(2)));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        apply(pool.decideStop(new StopRequested("default", "shop", attempt(1), "by somebody")));
        apply(pool.decideAlive(new RunnerAlive("default", "r1", 1, List.of(), List.of(attempt(1)), false)));
        RunnerAlive alive = new RunnerAlive("default", "r1", 1, List.of(), List.of(), false);

        happens(pool.decideAlive(alive), alive, new SlotReleased("default", attempt(1)), assigned(2, "r1"));
    }

    @Test
    void stopsAnAssignedAttemptAndDropsAWaitingOne() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
        apply(pool.decideRequested(request(2)));

        happens(
                pool.decideStop(new StopRequested("default", "shop", attempt(1), "enough")),
                new WorkStopped("r1", "shop", attempt(1), "enough"));
        happens(
                pool.decideStop(new StopRequested("default", "shop", attempt(2), "enough")),
                new SlotReleased("default", attempt(2)));
    }

    @Test
    void grantsWholeLeasesAfterARestart() {
        alive("r1", 1);
        apply(pool.decideRequested(request(1)));
        Instant later = now.plus(Duration.ofHours(1));

        Pool.Kept kept = new Pool.Kept(
                List.copyOf(pool.slots()), List.copyOf(pool.runners()), PoolLimits.NONE, Map.of("shop", 1L));
        Pool restored = Pool.restored("default", kept, later);

        assertEquals(List.of(), restored.decideTick(later.plusSeconds(1)));

        Instant past = later.plus(PAST_LEASE);
        restored.apply(new RunnerAlive("default", "r1", 1, List.of(), List.of(), false), new UUID(0, 1), past);
        assertEquals(
                List.of(new JobLost("shop", attempt(1), "r1", "its runner r1 never took it up")),
                restored.decideTick(past));
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
            assertNobodyWaitsBesideASlotForHim();
            assertFair(events);
        }
    }

    private Function<Pool, List<Event>> command(Random random, List<Integer> wanted, Map<Attempt, String> where) {
        switch (random.nextInt(7)) {
            case 0 -> {
                RunnerAlive alive = alive(random, where);
                return to -> to.decideAlive(alive);
            }
            case 1, 2 -> {
                SlotRequested request = request(
                        PROJECTS.get(random.nextInt(PROJECTS.size())),
                        wanted.size() + 1,
                        now,
                        random.nextInt(3),
                        random.nextInt(4) == 0 ? List.of("gpu") : List.of());
                wanted.add(wanted.size() + 1);
                return to -> to.decideRequested(request);
            }
            case 3, 4 -> {
                Optional<Attempt> released = wanted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(attempt(wanted.get(random.nextInt(wanted.size()))));
                return to -> released.map(to::decideReleased).orElse(List.of());
            }
            case 5 -> {
                Optional<Integer> most = random.nextBoolean() ? Optional.empty() : Optional.of(1 + random.nextInt(4));
                LimitsSet set = new LimitsSet("default", new PoolLimits(most, Map.of("b", 2)), "ada");
                return to -> to.decideLimits(set);
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
        List<String> labels = runner.equals("r0") ? List.of("gpu", "linux") : List.of("linux");
        return new RunnerAlive("default", runner, 3, labels, its, false);
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

    private void assertNobodyWaitsBesideASlotForHim() {
        Map<String, Long> shares = shares();
        Map<String, Long> loads = pool.slots().stream()
                .flatMap(slot -> slot.runner().stream())
                .collect(Collectors.groupingBy(runner -> runner, Collectors.counting()));
        List<Runner> free = pool.runners().stream()
                .filter(runner -> loads.getOrDefault(runner.id(), 0L) < runner.slots())
                .toList();
        for (Slot slot : pool.slots()) {
            boolean may =
                    shares.getOrDefault(slot.project(), 0L) < pool.limits().of(slot.project());
            assertTrue(
                    slot.runner().isPresent() || !may || free.stream().noneMatch(runner -> suits(runner, slot)),
                    slot.attempt() + " waits beside a slot that it could have");
        }
    }

    private static boolean suits(Runner runner, Slot slot) {
        return runner.labels().containsAll(slot.work().job().placement().labels());
    }

    private Map<String, Long> shares() {
        Map<String, Long> shares = new HashMap<>();
        pool.slots().stream()
                .filter(slot -> slot.runner().isPresent())
                .forEach(slot -> shares.merge(slot.project(), 1L, Long::sum));
        return shares;
    }

    /** Who got the last slot has no more, without it, than each project that waits for one like it and may have one. */
    private void assertFair(List<Event> events) {
        if (events.isEmpty() || !(events.get(events.size() - 1) instanceof JobAssigned last)) {
            return;
        }
        Map<String, Long> shares = shares();
        List<String> wanted =
                pool.slot(last.attempt()).orElseThrow().work().job().placement().labels();
        for (Slot slot : pool.slots()) {
            long others = shares.getOrDefault(slot.project(), 0L);
            boolean waits = slot.runner().isEmpty()
                    && others < pool.limits().of(slot.project())
                    && wanted.containsAll(slot.work().job().placement().labels())
                    && events.get(0) instanceof SlotReleased;
            assertTrue(!waits || shares.get(last.project()) - 1 <= others, "unfair to " + slot.project());
        }
    }

    /** The running attempt ends; gives the number of the one that follows. */
    private int next() {
        Attempt running = pool.slots().stream()
                .filter(slot -> slot.runner().isPresent())
                .findFirst()
                .orElseThrow()
                .attempt();
        List<Event> events = pool.decideReleased(running);
        apply(events);
        return (int) ((JobAssigned) events.get(1)).attempt().run().getLeastSignificantBits();
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
        return assigned("shop", number, runner);
    }

    private static JobAssigned assigned(String project, int number, String runner) {
        return new JobAssigned(project, attempt(number), "default", runner);
    }

    private void request(String project, int number) {
        apply(pool.decideRequested(request(project, number, NOW.plusMillis(number), 0, List.of())));
    }

    private static SlotRequested request(int number) {
        return request("shop", number, NOW.plusMillis(number), 0, List.of());
    }

    private static SlotRequested request(String project, int number, Instant at, int priority, List<String> labels) {
        Placement placement = new Placement(
                Optional.empty(), labels, priority, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
        Plan plan = Plans.plan(Plans.placed("build", placement));
        Work work = Run.begun(Plans.queued(project, new UUID(0, number), plan))
                .work(plan.jobs().get(0));
        return new SlotRequested("default", work, at);
    }

    private static Attempt attempt(int number) {
        return new Attempt(new UUID(0, number), "build", 1);
    }
}

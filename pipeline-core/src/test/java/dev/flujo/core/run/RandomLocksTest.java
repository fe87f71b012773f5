package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Plans;
import dev.flujo.core.lock.Lock;
import dev.flujo.core.lock.Place;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.LockEvent.LockSuperseded;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Concurrency.Policy;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Environment;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Random runs of random plans with groups and environments, under starts, reports, losses, cancels, quarantines and what is
 * repeated, late or nonsense. The seed stands in what fails; {@code -Dflujo.seeds} plays more of them.
 */
class RandomLocksTest {

    private static final int SEEDS = Integer.getInteger("flujo.seeds", 1_000);
    private static final int STEPS = 60;
    private static final int MOST_STEPS = 3_000;
    private static final List<String> GROUPS = List.of("database", "machine");
    private static final List<Outcome> OUTCOMES =
            List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.ERRORED, Outcome.CANCELLED);

    @Test
    void locksKeepTheirLimitsAndOrderAndAreFreedOnEveryWayARunCanEnd() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                play(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    private static void play(int seed) {
        Random random = new Random(seed);
        LockWorld world = new LockWorld(NOW);
        List<RunCommand.Report> past = new ArrayList<>();
        int begun = 0;
        for (int step = 0; step < STEPS; step++) {
            if (begun < 5 && random.nextInt(8) == 0) {
                UUID id = new UUID(0, ++begun);
                world.tell(id, new RunCommand.Begin(queued(id, plan(random), NOW.plusSeconds(random.nextInt(5)))));
            } else if (begun > 0) {
                disturb(world, new UUID(0, 1 + random.nextInt(begun)), random, past);
            }
            assertOrder(world);
        }
        for (int step = 0; progress(world); step++) {
            assertTrue(step < MOST_STEPS, "runs that never end");
            assertOrder(world);
        }
        world.locks().values().forEach(lock -> assertTrue(lock.unused(), () -> "never freed: " + lock));
        world.runs().values().forEach(run -> {
            assertTrue(run.ended() || run.quarantined(), () -> "waits for ever: " + run);
            assertEquals(Optional.of(run), replayed(world.log(run.id())));
        });
        world.locks().forEach((name, lock) -> assertHistory(name, world.log(name)));
    }

    private static void disturb(LockWorld world, UUID id, Random random, List<RunCommand.Report> past) {
        Run run = world.runs().get(id);
        List<Job> jobs = run.plan().jobs();
        Attempt attempt = run.attempt(jobs.get(random.nextInt(jobs.size())).id());
        switch (random.nextInt(12)) {
            case 0 -> {
                if (random.nextInt(4) == 0) {
                    world.tell(id, new RunCommand.Cancel("ana", "enough"));
                }
            }
            case 1 -> {
                if (random.nextInt(10) == 0) {
                    world.tell(id, new RunCommand.Quarantine("it is corrupt"));
                }
            }
            case 2 -> {
                if (run.job(attempt.job()).withRunner()) {
                    report(world, past, new RunCommand.Report(new JobLost("shop", attempt, "r1", "gone")));
                }
            }
            case 3 -> {
                if (!past.isEmpty()) {
                    RunCommand.Report again = past.get(random.nextInt(past.size()));
                    world.tell(again.event().attempt().run(), again);
                }
            }
            case 4 -> world.tell(id, new RunCommand.TimeOut(attempt, RunCommand.Limit.QUEUE));
            case 5 -> world.tell(id, new RunCommand.Begin(Plans.queued(id, run.plan())));
            case 6 -> world.tell(id, new RunCommand.LockSays(nonsense(attempt, random)));
            default -> work(world, run, attempt, OUTCOMES.get(random.nextInt(OUTCOMES.size())), past);
        }
    }

    private static LockEvent nonsense(Attempt attempt, Random random) {
        String lock = "group:" + GROUPS.get(random.nextInt(GROUPS.size()));
        Claim claim = Claim.of(new Attempt(attempt.run(), attempt.job(), attempt.number() + 7));
        return random.nextBoolean()
                ? new LockAcquired("shop", lock, claim)
                : new LockSuperseded("shop", lock, claim, Claim.of(new UUID(0, 99)));
    }

    private static void report(LockWorld world, List<RunCommand.Report> past, RunCommand.Report report) {
        past.add(report);
        world.tell(report.event().attempt().run(), report);
    }

    /** What a runner would say next of an attempt. */
    private static boolean work(
            LockWorld world, Run run, Attempt attempt, Outcome outcome, List<RunCommand.Report> past) {
        Phase phase = run.job(attempt.job()).phase();
        if (phase == Phase.QUEUED) {
            report(world, past, new RunCommand.Report(new JobStarted("shop", attempt, "r1", NOW)));
            return true;
        }
        if (run.job(attempt.job()).withRunner()) {
            JobFinished finished =
                    new JobFinished("shop", attempt, "r1", outcome, Optional.empty(), Optional.empty(), 0, NOW);
            report(world, past, new RunCommand.Report(finished));
            return true;
        }
        return false;
    }

    /** A world in order: every runner that has something ends it, also of runs in quarantine. */
    private static boolean progress(LockWorld world) {
        for (Run run : List.copyOf(world.runs().values())) {
            for (Map.Entry<String, JobState> job : run.jobs().entrySet()) {
                if (run.ended() || job.getValue().ended()) {
                    continue;
                }
                Attempt attempt = run.attempt(job.getKey());
                boolean silenced = run.quarantined()
                        && world.locks().values().stream().noneMatch(lock -> lock.holds(Claim.of(attempt)));
                if (!silenced && work(world, run, attempt, Outcome.SUCCEEDED, new ArrayList<>())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void assertOrder(LockWorld world) {
        for (Lock lock : world.locks().values()) {
            int least = lock.holders().stream()
                    .mapToInt(RandomLocksTest::limit)
                    .min()
                    .orElse(Integer.MAX_VALUE);
            assertTrue(lock.holders().size() <= least, () -> "more than the limit: " + lock);
            assertFalse(!lock.queue().isEmpty() && lock.holders().isEmpty(), () -> "nobody has it: " + lock);
            List<Long> numbers = lock.queue().stream().map(Place::number).toList();
            assertEquals(numbers.stream().sorted().distinct().toList(), numbers, "not in their order");
            for (Place place : lock.holders()) {
                Run run = world.runs().get(place.claim().run());
                assertFalse(run.ended(), () -> "held by a run that has ended: " + lock);
            }
        }
    }

    private static int limit(Place place) {
        return place.group().map(Concurrency::limit).orElse(1);
    }

    /** Who got the lock asked before those that got it later. */
    private static void assertHistory(String name, List<LockEvent> log) {
        List<Claim> asked = new ArrayList<>();
        Lock replayed = Lock.free("shop", name);
        int last = -1;
        for (LockEvent event : log) {
            if (event instanceof LockAcquired) {
                Optional<Instant> age =
                        replayed.place(event.claim()).orElseThrow().age();
                assertFalse(age.filter(replayed::outdates).isPresent(), "older over newer");
            }
            replayed = replayed.evolve(event);
            if (event instanceof LockRequested) asked.add(event.claim());
            if (event instanceof LockAcquired) {
                int turn = asked.indexOf(event.claim());
                assertTrue(turn > last, () -> event + " overtook");
                last = turn;
            }
        }
        assertTrue(replayed.unused());
    }

    private static Optional<Run> replayed(List<Event> log) {
        Optional<Run> run = Optional.empty();
        for (Event event : log) {
            run = Optional.of(Run.evolve(run, event));
        }
        return run;
    }

    /** No job has a group while its run has one: what waits for each other in a circle is for people to see. */
    private static Plan plan(Random random) {
        boolean asWhole = random.nextInt(3) == 0;
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            String[] needs = i > 0 && random.nextBoolean() ? new String[] {"j" + (i - 1)} : new String[0];
            Optional<Environment> environment = random.nextInt(3) == 0
                    ? Optional.of(new Environment("staging", Optional.empty(), Optional.empty()))
                    : Optional.empty();
            Optional<Concurrency> group =
                    random.nextInt(3) == 0 && !asWhole ? Optional.of(group(random)) : Optional.empty();
            Gate gate = new Gate(Condition.NONE, environment, Optional.empty(), group);
            jobs.add(Plans.gated(Plans.job("j" + i, needs), gate));
        }
        Plan plan = Plans.plan(jobs.toArray(Job[]::new));
        Optional<Concurrency> turn = asWhole ? Optional.of(group(random)) : Optional.empty();
        return new Plan(plan.name(), plan.on(), plan.env(), plan.jobs(), plan.inputs(), turn, plan.timeout());
    }

    private static RunQueued queued(UUID id, Plan plan, Instant age) {
        RunQueued queued = Plans.queued(id, plan);
        return new RunQueued(
                queued.project(),
                id,
                queued.pipeline(),
                queued.version(),
                queued.cause().since(age),
                queued.revision(),
                plan);
    }

    private static Concurrency group(Random random) {
        Policy policy = List.of(Policy.values()).get(random.nextInt(3));
        String name = GROUPS.get(random.nextInt(GROUPS.size()));
        return new Concurrency(name, 1 + random.nextInt(2), policy, random.nextInt(3) > 0);
    }
}

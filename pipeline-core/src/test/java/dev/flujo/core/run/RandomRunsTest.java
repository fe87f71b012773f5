package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Decision;
import dev.flujo.core.Plans;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRejected;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random plans under random commands, sensible ones and nonsense; the seed is the name of the case. */
class RandomRunsTest {

    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000002");
    private static final int COMMANDS = 120;
    private static final List<Outcome> OUTCOMES =
            List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.ERRORED, Outcome.CANCELLED);

    private static final List<String> FROM = List.of("user:ana", "group:sre");
    private static final List<String> PEOPLE = List.of("ana", "bob", "eve");
    private static final Duration DAY = Duration.ofDays(1);

    static IntStream seeds() {
        return IntStream.range(0, 500);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void replayedStateEqualsLiveStateAndAnEndedRunNeverChanges(int seed) {
        Random random = new Random(seed);
        Optional<Run> live = Optional.empty();
        List<Event> log = new ArrayList<>();
        RunCommand command = new RunCommand.Begin(Plans.queued(ID, plan(random)));
        for (int i = 0; i < COMMANDS; i++) {
            Optional<Run> before = live;
            Decision decision = Run.decide(before, command, NOW.plusSeconds(i));
            if (decision instanceof Decision.Accepted accepted) {
                assertTrue(
                        before.isEmpty()
                                || !before.get().ended()
                                || accepted.events().isEmpty(),
                        "changed after its end");
                for (Event event : accepted.events()) {
                    live = Optional.of(Run.evolve(live, event));
                    log.add(event);
                    assertEquals(log.size(), live.get().version());
                }
                assertEquals(replay(log), live);
            }
            command = command(live.orElseThrow(), random);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyStartedJobEndsOnceTheWorldBehaves(int seed) {
        Random random = new Random(seed);
        Optional<Run> live = Optional.empty();
        List<Event> log = new ArrayList<>();
        List<RunCommand> commands = new ArrayList<>(List.of(new RunCommand.Begin(Plans.queued(ID, plan(random)))));
        for (int i = 0; i < 2_000 && !commands.isEmpty(); i++) {
            RunCommand command = commands.remove(commands.size() - 1);
            if (Run.decide(live, command, NOW) instanceof Decision.Accepted accepted) {
                for (Event event : accepted.events()) {
                    live = Optional.of(Run.evolve(live, event));
                    log.add(event);
                }
            }
            if (!live.orElseThrow().ended()) {
                commands.add(i < COMMANDS ? command(live.get(), random) : benign(live.get(), random));
            }
        }
        Set<String> started = new HashSet<>();
        Set<String> ended = new HashSet<>();
        for (Event event : log) {
            if (event instanceof JobQueued e) assertTrue(allowed(log, e.attempt()), () -> "queued unapproved: " + e);
            if (event instanceof JobStarted e) started.add(e.attempt().id());
            if (event instanceof JobFinished e) ended.add(e.attempt().id());
            if (event instanceof JobLost e) ended.add(e.attempt().id());
            if (event instanceof JobSkipped e) ended.add(e.attempt().id());
        }
        started.removeAll(ended);
        assertEquals(Set.of(), started, "started and never ended");
        assertEquals(1, log.stream().filter(RunFinished.class::isInstance).count());
        assertTrue(log.get(log.size() - 1) instanceof RunFinished);
        assertNothingChanges(live.orElseThrow(), random);
    }

    private static void assertNothingChanges(Run ended, Random random) {
        for (int i = 0; i < COMMANDS; i++) {
            RunCommand command = command(ended, random);
            if (Run.decide(Optional.of(ended), command, NOW) instanceof Decision.Accepted accepted) {
                assertEquals(List.of(), accepted.events(), command + " changed a run after its end");
            }
        }
    }

    /** Whether as many people as the plan wants, each once, had consented when the job was queued, and nobody refused. */
    private static boolean allowed(List<Event> log, Attempt attempt) {
        Plan plan = ((RunQueued) log.get(0)).plan();
        Optional<Approval> approval =
                plan.job(attempt.job()).orElseThrow().gate().approval();
        List<Event> before = new ArrayList<>();
        for (Event event : log) {
            if (event instanceof JobQueued queued && queued.attempt().equals(attempt)) {
                break;
            }
            before.add(event);
        }
        Set<String> by = new HashSet<>();
        for (Event event : before) {
            if (event instanceof JobApproved e && e.attempt().job().equals(attempt.job())) {
                if (!by.add(e.by())) return false;
            }
            if (event instanceof JobRejected e && e.attempt().job().equals(attempt.job())) return false;
        }
        boolean author = by.contains("ana");
        return approval.map(wanted -> by.size() == wanted.count() && !(wanted.notAuthor() && author))
                .orElse(by.isEmpty());
    }

    private static Optional<Run> replay(List<Event> log) {
        Optional<Run> run = Optional.empty();
        for (Event event : log) {
            run = Optional.of(Run.evolve(run, event));
        }
        return run;
    }

    static Plan plan(Random random) {
        int count = 1 + random.nextInt(6);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> needs = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                if (random.nextInt(3) == 0) {
                    needs.add("j" + j);
                }
            }
            boolean deploys = !needs.isEmpty() && random.nextInt(3) == 0;
            Job job = deploys
                    ? Plans.deploy("j" + i, "env", needs.get(0))
                    : Plans.job("j" + i, needs.toArray(String[]::new));
            jobs.add(
                    random.nextInt(3) == 0
                            ? Plans.approved(job, new Approval(FROM, 1 + random.nextInt(2), random.nextBoolean(), DAY))
                            : job);
        }
        return Plans.plan(jobs.toArray(Job[]::new));
    }

    static RunCommand command(Run run, Random random) {
        Attempt attempt = anyAttempt(run, random);
        Outcome outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
        return switch (random.nextInt(16)) {
            case 14 -> answer(attempt.job(), random);
            case 15 ->
                random.nextInt(10) == 0
                        ? new RunCommand.TimeOut(attempt, RunCommand.Limit.APPROVAL)
                        : answer(attempt.job(), random);
            case 0 -> new RunCommand.Report(new JobAssigned("shop", attempt, "default", "r1"));
            case 1, 2 -> new RunCommand.Report(new JobStarted("shop", attempt, "r1", NOW));
            case 3 -> new RunCommand.Report(new StepStarted("shop", attempt, random.nextInt(3), "s", NOW));
            case 4 ->
                new RunCommand.Report(new StepFinished("shop", attempt, random.nextInt(3), "s", outcome, 0, 1, NOW));
            case 5, 6 -> new RunCommand.Report(finished(attempt, outcome));
            case 7 -> new RunCommand.Report(new JobLost("shop", attempt, "r1", "gone"));
            case 8 -> new RunCommand.TimeOut(attempt, RunCommand.Limit.EXECUTION);
            case 9 ->
                random.nextInt(20) == 0
                        ? new RunCommand.Cancel("ana", "enough")
                        : new RunCommand.Report(new ArtifactPublished("shop", attempt, "f", 1, "aa"));
            case 10 -> new RunCommand.Begin(Plans.queued(ID, run.plan()));
            default -> benign(run, random);
        };
    }

    /** What a world in order would do next. */
    static RunCommand benign(Run run, Random random) {
        for (Job job : run.plan().jobs()) {
            JobState state = run.job(job.id());
            if (state.ended() || state.phase() == JobState.Phase.WAITING) {
                continue;
            }
            Attempt attempt = run.attempt(job.id());
            if (state.phase() == JobState.Phase.APPROVING) {
                return new RunCommand.Answer(
                        job.id(),
                        true,
                        state.approvals().contains("bob") ? "eve" : "bob",
                        List.of("sre"),
                        Optional.empty());
            }
            if (state.phase() == JobState.Phase.LOCKING) {
                return random.nextBoolean()
                        ? new RunCommand.LockSays(new LockAcquired("shop", "environment:env", Claim.of(attempt)))
                        : new RunCommand.LockSays(
                                new LockQueued("shop", "environment:env", Claim.of(attempt), Optional.empty(), 1));
            }
            if (state.phase() == JobState.Phase.RUNNING || state.phase() == JobState.Phase.STOPPING) {
                return new RunCommand.Report(finished(attempt, Outcome.SUCCEEDED));
            }
            return new RunCommand.Report(new JobStarted("shop", attempt, "r1", NOW));
        }
        return new RunCommand.Cancel("ana", "nothing left to do");
    }

    private static RunCommand answer(String job, Random random) {
        return new RunCommand.Answer(
                job,
                random.nextInt(4) > 0,
                PEOPLE.get(random.nextInt(PEOPLE.size())),
                random.nextBoolean() ? List.of("sre") : List.of(),
                Optional.of("because"));
    }

    private static JobFinished finished(Attempt attempt, Outcome outcome) {
        return new JobFinished("shop", attempt, "r1", outcome, Optional.empty(), Optional.empty(), 0, NOW);
    }

    private static Attempt anyAttempt(Run run, Random random) {
        List<Job> jobs = run.plan().jobs();
        String job = jobs.get(random.nextInt(jobs.size())).id();
        int newest = Math.max(1, run.job(job).attempt());
        return new Attempt(run.id(), job, Math.max(1, newest - random.nextInt(2) + random.nextInt(2)));
    }
}

package dev.flujo.core.run;

import static dev.flujo.core.Plans.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.Decision;
import dev.flujo.core.Plans;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Random runs, done again in every way; the seed stands in what fails, {@code -Dflujo.seeds} plays more of them. */
class RandomRerunsTest {

    private static final int SEEDS = Integer.getInteger("flujo.seeds", 1_000);
    private static final int DISTURBED = 60;
    private static final int MOST = 2_000;
    private static final UUID OLD = new UUID(0, 1);
    private static final UUID NEW = new UUID(0, 2);

    private final List<Event> log = new ArrayList<>();
    private Optional<Run> run = Optional.empty();

    @Test
    void keepOnlyWhatHasSucceededAndDoNothingOfItAgain() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                play(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    private void play(Random random) {
        end(new RunCommand.Begin(Plans.queued(OLD, RandomRunsTest.plan(random))), random, DISTURBED);
        Run old = run.orElseThrow();
        List<Job> jobs = old.plan().jobs();
        Rerun.Scope scope = random.nextBoolean()
                ? new Rerun.Scope.Failed()
                : new Rerun.Scope.From(jobs.get(random.nextInt(jobs.size())).id());
        Rerun.Verdict verdict = Rerun.of(old, List.copyOf(log), NEW, scope);
        if (!(verdict instanceof Rerun.Verdict.Begins begins)) {
            assertTrue(scope instanceof Rerun.Scope.Failed, verdict::toString);
            assertTrue(old.jobs().values().stream().noneMatch(RandomRerunsTest::bad), verdict::toString);
            return;
        }
        Set<String> kept = new HashSet<>();
        for (JobKept job : begins.kept().jobs()) {
            kept.add(job.attempt().job());
            assertEquals(
                    Optional.of(Outcome.SUCCEEDED), old.job(job.attempt().job()).outcome());
        }
        for (Job job : jobs) {
            boolean needsMore = !kept.containsAll(job.needs());
            boolean all = job.needs().stream().allMatch(need -> old.job(need).succeeded());
            assertFalse(
                    kept.contains(job.id()) && needsMore && all, () -> job.id() + " comes after what is done again");
        }
        end(new RunCommand.Begin(Plans.queued(NEW, old.plan()), Optional.empty(), begins.kept()), random, 0);
        assertTrue(log.stream()
                .noneMatch(event -> event instanceof JobQueued queued
                        && kept.contains(queued.attempt().job())));
    }

    private static boolean bad(JobState state) {
        return state.outcome()
                .filter(outcome -> outcome != Outcome.SUCCEEDED && outcome != Outcome.SKIPPED)
                .isPresent();
    }

    /** Plays a run to its end: first with what random says, then as a world in order would go on. */
    private void end(RunCommand first, Random random, int disturbed) {
        run = Optional.empty();
        log.clear();
        RunCommand command = first;
        for (int i = 0; run.isEmpty() || !run.get().ended(); i++) {
            assertTrue(i < MOST, "a run that never ends");
            if (Run.decide(run, command, NOW) instanceof Decision.Accepted accepted) {
                for (Event event : accepted.events()) {
                    run = Optional.of(Run.evolve(run, event));
                    log.add(event);
                }
            }
            Run current = run.orElseThrow();
            command = i < disturbed ? RandomRunsTest.command(current, random) : RandomRunsTest.benign(current, random);
        }
    }
}

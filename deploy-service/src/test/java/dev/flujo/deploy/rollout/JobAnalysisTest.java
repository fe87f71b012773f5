package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.Outcome;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Analysis;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that a job of their pipeline judges. */
class JobAnalysisTest {

    private static final UUID FIRST = new UUID(1, 1);
    private static final UUID SECOND = new UUID(1, 2);

    @TempDir
    Path directory;

    private final ModelWorks works = new ModelWorks(new Random(1));
    private final ModelTarget target = new ModelTarget(where -> {}, id -> Health.WELL);
    private final List<JobAnswers.Question> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private Optional<String> reason = Optional.empty();
    private Optional<String> stop = Optional.empty();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private Rollouts rollouts;

    @BeforeEach
    void begin() {
        rollouts = open();
    }

    @Test
    void aVersionServesWhenTheJobHasSucceeded() throws Exception {
        outcomes.add(Outcome.SUCCEEDED);

        rollouts.apply(application(FIRST, judged(0, false)));

        JobAnswers.Question question = asked.get(0);
        assertEquals("smoke-test", question.job());
        assertEquals(FIRST, question.deployment());
        assertEquals("http://replica", question.address().toString());
        assertTrue(told.contains("analysis smoke asks job smoke-test in run " + question.run()), told.toString());
        assertTrue(
                told.contains("analysis smoke passes: result succeeded (run " + question.run() + ")"), told.toString());
        assertEquals(1, runs().size(), "who was content is not asked again");
    }

    @Test
    void aVersionOfWhichTheJobFailsGoesBack() throws Exception {
        outcomes.add(Outcome.FAILED);

        NotApplied refused = assertThrows(NotApplied.class, () -> rollouts.apply(application(FIRST, judged(0, false))));

        assertTrue(refused.getMessage().startsWith("analysis smoke fails: result failed"), refused.getMessage());
    }

    @Test
    void aFailureThatIsForgivenIsAskedAboutInARunOfItsOwn() throws Exception {
        outcomes.add(Outcome.FAILED);
        outcomes.add(Outcome.SUCCEEDED);

        rollouts.apply(application(FIRST, judged(1, false)));

        assertEquals(2, runs().size());
    }

    @Test
    void whatThePlatformHasSpoiledIsAskedOfAPerson() throws Exception {
        outcomes.add(Outcome.ERRORED);
        reason = Optional.of("the run that deploys has no job 'smoke-test'");

        assertThrows(NotApplied.class, () -> rollouts.apply(application(FIRST, judged(0, false))));

        assertTrue(
                told.contains(
                        "asks: analysis smoke is inconclusive: its job was errored: the run that deploys has no job"
                                + " 'smoke-test'; promote it, or abort it"),
                told.toString());
    }

    @Test
    void theOldVersionIsAskedTooWhereTheyAreCompared() throws Exception {
        outcomes.add(Outcome.SUCCEEDED);
        rollouts.apply(application(FIRST, judged(0, false)));
        outcomes.add(Outcome.FAILED);
        outcomes.add(Outcome.FAILED);

        rollouts.apply(application(SECOND, judged(0, true)));

        assertEquals(
                List.of(FIRST, SECOND),
                List.of(
                        asked.get(asked.size() - 1).deployment(),
                        asked.get(asked.size() - 2).deployment()));
        assertTrue(
                told.stream().anyMatch(line -> line.startsWith("analysis smoke passes: result failed, stable failed")),
                told.toString());
    }

    @Test
    void aQuestionIsTheSameAfterARestart() throws Exception {
        stop = Optional.of("the service is being stopped");
        assertThrows(IllegalStateException.class, () -> rollouts.apply(application(FIRST, judged(0, false))));
        outcomes.add(Outcome.SUCCEEDED);
        stop = Optional.empty();
        rollouts = open();

        rollouts.apply(application(FIRST, judged(0, false)));

        assertEquals(1, runs().size());
    }

    /** Answers each run once, with the next outcome, and with nothing while there is none. */
    private Optional<AnalysisAnswered> answer(JobAnswers.Question question) {
        if (asked.stream().noneMatch(one -> one.run().equals(question.run()))) {
            asked.add(question);
            return Optional.empty();
        }
        return Optional.ofNullable(outcomes.poll())
                .map(outcome ->
                        new AnalysisAnswered("deployer-1", question.attempt(), question.run(), outcome, reason));
    }

    private Rollouts open() {
        Pace pace = new Pace() {

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void pause(Semaphore said) {
                if (stop.isPresent()) {
                    throw new IllegalStateException(stop.get());
                }
                now = now.plusSeconds(1);
                target.live();
            }
        };
        return new Rollouts(
                directory,
                new Walk.Ground(target, new Analyst(target, Optional.empty()), this::answer, point -> {}, pace),
                TestDesk.in(directory));
    }

    private Application application(UUID deployment, Analysis analysis) {
        Work work = works.judged(analysis);
        Instant giveUp = now.plus(Duration.ofMinutes(5));
        return new Application(
                deployment,
                work,
                told::add,
                () -> now.isAfter(giveUp) ? Optional.of("nobody has decided") : Optional.empty());
    }

    private List<UUID> runs() {
        return asked.stream().map(JobAnswers.Question::run).distinct().toList();
    }

    private static Analysis judged(int failureLimit, boolean compare) {
        return new Analysis(
                "smoke",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("smoke-test"),
                compare ? Optional.of("result == stable") : Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                failureLimit,
                compare);
    }
}

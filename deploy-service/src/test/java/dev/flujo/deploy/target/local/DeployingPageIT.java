package dev.flujo.deploy.target.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Load;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.TargetContract;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.Works;
import dev.flujo.deploy.rollout.Answer;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.JobAnswers;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every example of docs/deploying.md, one after the other, with real users; its times are cut short. */
@Timeout(300)
class DeployingPageIT {

    private static final Path PAGE = Path.of("..", "docs", "deploying.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private LocalGround ground;
    private Rollouts rollouts;

    @BeforeEach
    void begin() throws IOException {
        ground = new LocalGround(directory);
        Target target = ground.open();
        Desk desk = TestDesk.in(directory);
        rollouts = new Rollouts(
                directory,
                target,
                Optional.empty(),
                Failpoint.armed(Optional.empty()),
                new Desk(desk.store(), desk.told(), desk.stays(), DeployingPageIT::smokeTest));
    }

    @AfterEach
    void end() throws IOException {
        ground.close();
    }

    @Test
    void bringsEachExampleToItsUsersWithoutLosingARequest() throws Exception {
        List<Rollout> examples = examples();
        Works works = new Works(PRODUCTION.project(), directory);
        Serving first = apply(application(works, "c0", examples.get(0)));
        Load load = new Load(first.address());
        try (load) {
            for (int i = 1; i < examples.size(); i++) {
                String commit = "c" + i;
                apply(application(works, commit, examples.get(i)));
                assertTrue(Await.until(PATIENCE, () -> load.answered(commit) > 100), commit);
            }
        }

        assertEquals(List.of(), load.failures());
        assertEquals(6, examples.size());
    }

    /** The job of the page, as far as its script would say. */
    private static Optional<AnalysisAnswered> smokeTest(JobAnswers.Question question) {
        boolean answers = TargetContract.answer(question.address().toString()).startsWith("c");
        return Optional.of(new AnalysisAnswered(
                "deployer-1",
                question.attempt(),
                question.run(),
                answers ? Outcome.SUCCEEDED : Outcome.FAILED,
                Optional.empty()));
    }

    /** A person says yes to whatever is asked. */
    private Serving apply(Application application) throws Exception {
        FutureTask<Serving> begun = new FutureTask<>(() -> rollouts.apply(application));
        Thread thread = new Thread(begun);
        thread.setDaemon(true);
        thread.start();
        assertTrue(Await.until(PATIENCE, () -> {
            rollouts.ongoing(PRODUCTION)
                    .filter(now -> now.question().isPresent())
                    .ifPresent(now -> promote(now.deployment(), now.stage()));
            return begun.isDone();
        }));
        return begun.get();
    }

    private void promote(UUID deployment, int stage) {
        try {
            rollouts.answer(PRODUCTION, deployment, stage, new Answer(true, "ana", Instant.now(), Optional.empty()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Application application(Works works, String commit, Rollout rollout) {
        return new Application(UUID.randomUUID(), works.of(commit, "well", rollout), line -> {}, Optional::empty);
    }

    private static List<Rollout> examples() throws IOException {
        List<Rollout> rollouts = new ArrayList<>();
        for (String example : EXAMPLE.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList()) {
            PlanReading reading = PlanReader.read(example);
            assertTrue(reading instanceof PlanReading.Readable, reading::toString);
            ((PlanReading.Readable) reading)
                    .plan().jobs().stream()
                            .flatMap(job -> job.deploy().stream())
                            .map(Deploy::rollout)
                            .map(DeployingPageIT::quickened)
                            .forEach(rollouts::add);
        }
        return rollouts;
    }

    private static Rollout quickened(Rollout rollout) {
        Strategy strategy = rollout.strategy();
        List<CanaryStep> steps = strategy.steps().stream()
                .map(step -> new CanaryStep(step.weight(), SOON, step.approval()))
                .toList();
        List<Analysis> analyses = rollout.analysis().stream()
                .map(asked -> new Analysis(
                        asked.name(),
                        asked.prometheus(),
                        asked.http(),
                        asked.requests(),
                        asked.job(),
                        asked.pass(),
                        asked.fail(),
                        SOON,
                        asked.failureLimit(),
                        asked.compare()))
                .toList();
        return new Rollout(
                rollout.replicas(),
                new Strategy(
                        strategy.kind(),
                        strategy.surge(),
                        strategy.unavailable(),
                        strategy.keep(),
                        strategy.promoteByHand(),
                        steps),
                analyses,
                rollout.automaticRollback(),
                rollout.waves());
    }
}

package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceRolledBack;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service dies at every step of every strategy, on the way back, and during a rollback. */
@Execution(ExecutionMode.CONCURRENT)
class StrategyDiesIT extends ServiceThatDies {

    private static final List<String> STRATEGY_POINTS = List.of(
            "deploy.stage-0.scaled",
            "deploy.stage-0.routed",
            "deploy.stage-0.watched",
            "deploy.stage-1.passed",
            "deploy.stage-1.scaled",
            "deploy.stage-1.routed",
            "deploy.stage-1.watched",
            "deploy.stage-2.passed",
            "deploy.after-apply-before-record");

    static Stream<Strategy> strategies() {
        Optional<String> none = Optional.empty();
        Optional<Duration> nothing = Optional.empty();
        return Stream.of(
                new Strategy(Kind.ROLLING, Optional.of("1"), Optional.of("0"), nothing, false, List.of()),
                new Strategy(Kind.BLUE_GREEN, none, none, nothing, false, List.of()),
                new Strategy(
                        Kind.CANARY,
                        none,
                        none,
                        nothing,
                        false,
                        List.of(
                                new CanaryStep(50, Duration.ofMillis(10), false),
                                new CanaryStep(100, Duration.ofMillis(10), false))));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aStrategyWhoseServiceDiesAtEveryStepOfEveryStageChangesTheApplicationOnce(Strategy strategy)
            throws IOException {
        Rollout rollout = new Rollout(2, strategy, List.of(), true, List.of());
        start("none");
        Work first = works.of("c1", "well", rollout);
        assign(first);
        String address = ((ServiceDeployed) report(ServiceDeployed.class, first)).address();
        finished(first);
        Work second = works.of("c2", "well", rollout);
        Load load = Load.light(address);
        try (load) {
            start("deploy.after-intent");
            assign(second);
            assertTrue(Await.until(PATIENCE, () -> !service.alive()));
            for (String point : STRATEGY_POINTS) {
                start(point);
                assertTrue(Await.until(PATIENCE, () -> !service.alive()), () -> "dies at " + point);
            }
            start("none");
            assertEquals(Outcome.SUCCEEDED, finished(second).outcome());
            assertTrue(Await.until(PATIENCE, () -> load.answered("c2") > 100));
        }

        assertEquals(List.of(), load.failures());
        assertEquals(4, Files.readAllLines(works.witness()).size(), "starts");
        assertEquals(
                1, distinct(second).filter(ServiceUpgraded.class::isInstance).count(), "one report, repeated");
        int kept = strategy.kind() == Kind.BLUE_GREEN ? 2 : 0;
        assertTrue(Await.until(PATIENCE, () -> applications() == 2 + kept));
    }

    @Test
    void aBadCanaryWhoseServiceDiesOnTheWayBackIsGoneOnce() throws IOException {
        Strategy canary = new Strategy(
                Kind.CANARY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(new CanaryStep(50, Duration.ofSeconds(1), false)));
        Analysis check = new Analysis(
                "check",
                Optional.empty(),
                Optional.of("/check"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                0,
                false);
        start("none");
        Work first = works.of("c1", "well", PATIENCE);
        assign(first);
        String address = ((ServiceDeployed) report(ServiceDeployed.class, first)).address();
        finished(first);
        Work sick = works.of("c2", "sick", new Rollout(1, canary, List.of(check), true, List.of()));
        Load load = Load.light(address);
        try (load) {
            start("deploy.stage-0.routed");
            assign(sick);
            assertTrue(Await.until(PATIENCE, () -> !service.alive()));
            for (String point : List.of("deploy.going-back", "deploy.back-routed")) {
                start(point);
                assertTrue(Await.until(PATIENCE, () -> !service.alive()), () -> "dies at " + point);
            }
            start("none");

            JobFinished end = finished(sick);
            assertEquals(Outcome.FAILED, end.outcome());
            assertTrue(end.reason().orElseThrow().contains("analysis check fails: result 500"), end.toString());
            long before = load.answered("c1");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > before + 200));
        }
        assertEquals(List.of(), load.failures());
        assertEquals(2, Files.readAllLines(works.witness()).size(), "starts");
        assertTrue(Await.until(PATIENCE, () -> applications() == 1), "only the old version is left");
    }

    @Test
    void aRollbackWhoseServiceDiesAtEveryPointHappensOnce() throws IOException {
        start("none");
        Work first = works.of("c1", "well", PATIENCE);
        assign(first);
        String address = ((ServiceDeployed) report(ServiceDeployed.class, first)).address();
        finished(first);
        Work second = works.of("c2", "well", PATIENCE);
        assign(second);
        finished(second);
        Load load = Load.light(address);
        try (load) {
            start("rollback.noted");
            assertTrue(Await.until(PATIENCE, () -> asked("rollback", "{\"reason\": \"slow\"}") || !service.alive()));
            assertTrue(Await.until(PATIENCE, () -> !service.alive()));
            for (String point :
                    List.of("deploy.stage-0.routed", "deploy.after-apply-before-record", "rollback.applied")) {
                start(point);
                assertTrue(Await.until(PATIENCE, () -> !service.alive()), () -> "dies at " + point);
            }
            start("none");
            awaitAnswers();
            assertTrue(
                    Await.until(PATIENCE, () -> history()
                            .equals(List.of("c1 ROLLED_BACK", "c2 SUCCEEDED", "c1 SUCCEEDED"))),
                    () -> history().toString());
            long before = load.answered("c1");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c1") > before + 200));
        }

        assertEquals(List.of(), load.failures());
        assertEquals(
                1,
                log.events(Topic.DEPLOYS).stream()
                        .map(Envelope::event)
                        .filter(event -> event instanceof ServiceRolledBack e
                                && e.project().equals(project))
                        .distinct()
                        .count());
        assertTrue(Await.until(PATIENCE, () -> applications() == 1));
        assertEquals(3, Files.readAllLines(works.witness()).size(), "c1 is started once more");
    }
}

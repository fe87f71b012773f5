package dev.flujo.deploy.target.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Load;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.Works;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
import dev.flujo.kit.process.Failpoint;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users who never stop asking, while versions come and go. */
@Timeout(300)
class LoadProofIT {

    private static final Logger LOG = Logger.getLogger(LoadProofIT.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long REQUESTS = 10_000;

    @TempDir
    Path directory;

    private LocalGround ground;
    private Rollouts rollouts;
    private Works works;

    @BeforeEach
    void begin() throws IOException {
        ground = new LocalGround(directory);
        works = new Works("shop", directory);
        rollouts = new Rollouts(
                directory, ground.open(), Optional.empty(), Failpoint.armed(Optional.empty()), TestDesk.in(directory));
    }

    @AfterEach
    void end() throws IOException {
        ground.close();
    }

    @Test
    void switchesAndRollingDeploymentsLoseNoneOfTenThousandRequests() throws Exception {
        String address = rollouts.apply(application("c0", "well", rollout(rolling(), List.of())))
                .address();
        List<String> commits = new ArrayList<>(List.of("c0"));
        Load load = new Load(address);
        try (load) {
            while (total(load, commits) < REQUESTS || commits.size() < 3) {
                String commit = "c" + commits.size();
                commits.add(commit);
                Strategy strategy = commits.size() % 2 == 0 ? strategy(Kind.BLUE_GREEN, List.of()) : rolling();
                rollouts.apply(application(commit, "well", rollout(strategy, List.of())));
                long before = load.answered(commit);
                assertTrue(Await.until(PATIENCE, () -> load.answered(commit) > before + 1_000), commit);
            }
        }

        LOG.infof(
                "%d requests while %d versions came, alternately blue-green and rolling: %d failed",
                total(load, commits), commits.size() - 1, load.failures().size());
        assertEquals(List.of(), load.failures());
    }

    @Test
    void aCanaryThatFailsOneRequestInTwentyIsFoundAndGoesBack() throws Exception {
        String address = rollouts.apply(application("c0", "well", rollout(rolling(), List.of())))
                .address();
        Analysis failed = new Analysis(
                "refused",
                Optional.empty(),
                Optional.empty(),
                Optional.of("failed"),
                Optional.empty(),
                Optional.of("result <= stable + 0.01"),
                Optional.empty(),
                Duration.ofSeconds(2),
                0,
                true);
        Strategy canary = strategy(
                Kind.CANARY,
                List.of(
                        new CanaryStep(20, Duration.ofSeconds(10), false),
                        new CanaryStep(100, Duration.ofSeconds(10), false)));
        Load load = new Load(address);
        NotApplied refused;
        long old;
        try (load) {
            refused = assertThrows(
                    NotApplied.class,
                    () -> rollouts.apply(application("c1", "flaky", rollout(canary, List.of(failed)))));
            // Whom it was still answering is told so first.
            long gone = load.answered("c0");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c0") > gone + 1_000));
            int failures = load.failures().size();
            old = load.answered("c0");
            assertTrue(Await.until(PATIENCE, () -> load.answered("c0") > old + 2_000));
            assertEquals(failures, load.failures().size(), "nobody meets it any more");
        }

        LOG.infof(
                "a canary with a share of 20 %% that fails 5 %%: %s; %d of %d requests failed until then",
                refused.getMessage(),
                load.failures().size(),
                old + load.answered("c1") + load.failures().size());
        assertTrue(refused.getMessage().startsWith("analysis refused fails: result 0."), refused.getMessage());
    }

    private static long total(Load load, List<String> commits) {
        return commits.stream().mapToLong(load::answered).sum();
    }

    private Application application(String commit, String like, Rollout rollout) {
        return new Application(UUID.randomUUID(), works.of(commit, like, rollout), line -> {}, Optional::empty);
    }

    private static Rollout rollout(Strategy strategy, List<Analysis> analyses) {
        return new Rollout(3, strategy, analyses, true, List.of());
    }

    private static Strategy rolling() {
        return strategy(Kind.ROLLING, List.of());
    }

    private static Strategy strategy(Kind kind, List<CanaryStep> steps) {
        return new Strategy(kind, Optional.empty(), Optional.empty(), Optional.empty(), false, steps);
    }
}

package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.DriftEvent.DriftDetected;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a target that somebody else has changed. */
class DriftWatchTest {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final UUID SERVING = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final Difference REPLICAS = new Difference(
            "Deployment shop", "spec.replicas", Optional.of("3"), Optional.of("5"), Optional.of("kubectl-edit"));
    private static final Difference IMAGE =
            new Difference("Deployment shop", "spec.image", Optional.of("a"), Optional.of("b"), Optional.empty());

    @TempDir
    Path directory;

    private final ModelTarget target = new ModelTarget(where -> {}, id -> Health.WELL);
    private final List<DriftDetected> told = new ArrayList<>();
    private Rollouts rollouts;
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");

    @BeforeEach
    void begin() throws Exception {
        Pace pace = new Pace() {

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void pause(Semaphore said) {
                target.live();
            }
        };
        rollouts = new Rollouts(
                directory,
                new Walk.Ground(
                        target, new Analyst(target, Optional.empty()), question -> Optional.empty(), point -> {}, pace),
                TestDesk.in(directory));
        rollouts.apply(new Application(SERVING, new ModelWorks(new Random(1)).fresh(), line -> {}, Optional::empty));
    }

    @Test
    void tellsADifferenceOnceAndKeepsIt() throws Exception {
        target.drift(REPLICAS);

        rollouts.lookForDrift(told::add);
        now = now.plusSeconds(60);
        rollouts.lookForDrift(told::add);

        Instant since = now.minusSeconds(60);
        assertEquals(List.of(new DriftDetected("shop", "production", SERVING, List.of(REPLICAS), false, since)), told);
        assertEquals(Optional.of(new Drift(SERVING, since, List.of(REPLICAS))), rollouts.drift(PRODUCTION));
    }

    @Test
    void tellsOtherDifferencesAgain() throws Exception {
        target.drift(REPLICAS);
        rollouts.lookForDrift(told::add);

        target.drift(REPLICAS, IMAGE);
        rollouts.lookForDrift(told::add);

        assertEquals(
                List.of(List.of(REPLICAS), List.of(REPLICAS, IMAGE)),
                told.stream().map(DriftDetected::differences).toList());
    }

    @Test
    void forgetsWhatSomebodyHasPutRight() throws Exception {
        target.drift(REPLICAS);
        rollouts.lookForDrift(told::add);

        target.drift();
        rollouts.lookForDrift(told::add);

        assertEquals(1, told.size());
        assertEquals(Optional.empty(), rollouts.drift(PRODUCTION));
    }

    @Test
    void healsWhereTheRulesSaySoAlsoWhatWasToldBefore() throws Exception {
        target.drift(REPLICAS);
        rollouts.lookForDrift(told::add);

        rollouts.rules(PRODUCTION, new Rules(false, Optional.empty(), List.of(), true));
        rollouts.lookForDrift(told::add);
        rollouts.lookForDrift(told::add);

        assertEquals(
                List.of(false, true), told.stream().map(DriftDetected::healed).toList());
        assertEquals(Optional.empty(), rollouts.drift(PRODUCTION));
    }

    @Test
    void tellsAgainWhatWasNotHeardOf() throws Exception {
        target.drift(REPLICAS);
        List<DriftDetected> lost = new ArrayList<>();
        try {
            rollouts.lookForDrift(drift -> {
                lost.add(drift);
                throw new IllegalStateException("Kafka does not answer");
            });
        } catch (IllegalStateException expected) {
            rollouts.lookForDrift(told::add);
        }

        assertEquals(lost, told);
    }
}

package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a rollout that did not come to its end before something else happened. */
@Timeout(30)
class InterruptedRolloutsTest {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final UUID FIRST = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID SECOND = UUID.fromString("00000000-0000-0000-0000-000000000002");
    private static final UUID THIRD = UUID.fromString("00000000-0000-0000-0000-000000000003");

    @TempDir
    Path directory;

    private final ModelWorks works = new ModelWorks(new Random(1));
    private ModelTarget target;
    private Rollouts rollouts;
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private ModelTarget.Moment moment = where -> {};

    @BeforeEach
    void begin() throws Exception {
        target = new ModelTarget(where -> moment.pass(where), id -> Health.WELL);
        Pace pace = new Pace() {

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void pause(Semaphore said) {
                now = now.plusSeconds(10);
                target.live();
            }
        };
        rollouts = new Rollouts(
                directory,
                new Walk.Ground(
                        target, new Analyst(target, Optional.empty()), question -> Optional.empty(), point -> {}, pace),
                TestDesk.in(directory));
        apply(FIRST, works.fresh());
    }

    @Test
    void anAbortThatIsSaidWhileAStageEndsHolds() {
        moment = where -> {
            if (where.equals("scaled") && !target.replicas().containsKey(FIRST)) {
                moment = later -> {};
                Ongoing ongoing = rollouts.ongoing(PRODUCTION).orElseThrow();
                Answer abort = new Answer(false, "ben", now, Optional.empty());
                assertEquals(Optional.of(abort), rollouts.answer(PRODUCTION, SECOND, ongoing.stage(), abort));
            }
        };

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, works.rolling()));

        assertEquals("aborted by ben", thrown.getMessage());
        assertEquals(Optional.of(FIRST), serving());
        assertEquals(List.of(new Share(FIRST, 100)), target.shares());
    }

    @Test
    void whatWasLeftInTheMiddleHasGoneWhenTheNextOneServes() throws Exception {
        breakAt("routed");
        Work second = works.rolling();
        assertThrows(IOException.class, () -> apply(SECOND, second));

        apply(THIRD, works.rolling());

        assertEquals(Optional.of(THIRD), serving());
        assertEquals(List.of(THIRD), List.copyOf(target.replicas().keySet()));
        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, second));
        assertEquals("another rollout began before it took over", thrown.getMessage());
        assertEquals(Optional.of(THIRD), serving());
    }

    @Test
    void whatHadTakenOverCountsAsServedAlthoughTheNextOneServesByNow() throws Exception {
        breakAt("promoted");
        Work second = works.rolling();
        assertThrows(IOException.class, () -> apply(SECOND, second));

        Serving third = apply(THIRD, works.rolling());

        assertEquals(Optional.of(SECOND), third.previous());
        assertEquals(SECOND, apply(SECOND, second).deployment());
        assertEquals(Optional.of(THIRD), serving());
        assertEquals(Map.of(THIRD, target.replicas().get(THIRD)), target.replicas());
    }

    @Test
    void aRollbackThatHadTakenOverRefusesWhatItUndidAlthoughItDidNotComeToItsEnd() throws Exception {
        Work second = works.rolling();
        apply(SECOND, second);
        breakAt("promoted");
        RollBack wish = new RollBack(UUID.randomUUID(), PRODUCTION, FIRST, SECOND, "ana", Optional.empty(), now);
        assertThrows(IOException.class, () -> rollouts.carryOut(wish, line -> {}));

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(THIRD, works.again(second)));

        assertEquals(
                "Expected a release that was not rolled back, but ana rolled this one back at " + wish.at()
                        + "; deploy a newer one, or roll back to this deployment",
                thrown.getMessage());
        assertEquals(Optional.of(FIRST), serving());
        assertEquals(FIRST, rollouts.carryOut(wish, line -> {}).deployment());
    }

    private void breakAt(String point) {
        moment = where -> {
            if (where.equals(point)) {
                moment = later -> {};
                throw new IOException("the target does not answer");
            }
        };
    }

    private Serving apply(UUID deployment, Work work) throws NotApplied, IOException, InterruptedException {
        return rollouts.apply(new Application(deployment, work, line -> {}, Optional::empty));
    }

    private Optional<UUID> serving() {
        return target.serving(PRODUCTION).map(Serving::deployment);
    }
}

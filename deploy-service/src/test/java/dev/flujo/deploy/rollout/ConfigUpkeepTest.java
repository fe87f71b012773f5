package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.config.Kind;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.ConfigEvent;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.plan.Deploy.Reading;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of settings and secrets that change while an application runs. */
class ConfigUpkeepTest {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final UUID SERVING = new UUID(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final ModelWorks works = new ModelWorks(new Random(1));
    private final List<ConfigGiven> told = new ArrayList<>();
    private volatile Health health = Health.WELL;
    private final ModelTarget target = new ModelTarget(where -> trouble(where), id -> health);
    private volatile Optional<String> troubled = Optional.empty();
    private boolean deaf;
    private Desk desk;
    private Rollouts rollouts;

    @BeforeEach
    void begin() throws Exception {
        desk = TestDesk.in(directory, given -> {
            if (deaf) {
                throw new IllegalStateException("Kafka does not answer");
            }
            told.add(given);
        });
        rollouts = open();
        put("one");
    }

    @Test
    void aVersionHasThemBeforeItsFirstReplica() throws Exception {
        apply(Reading.RESTART);

        List<String> changes = target.changes();
        assertTrue(changes.get(0).startsWith("give "), changes.toString());
        assertTrue(changes.get(1).startsWith("scale "), changes.toString());
        assertEquals(List.of(List.of(new ConfigEvent.Item("GREETING", false, 1, Optional.empty()))), items());
        assertEquals(
                state(true, Optional.of(true), Optional.empty()),
                rollouts.config().state(PRODUCTION));
    }

    @Test
    void whatDoesNotAskForThemIsGivenNothing() throws Exception {
        rollouts.apply(new Application(SERVING, works.rolling(), line -> {}, Optional::empty));
        rollouts.config().look();

        assertTrue(target.changes().stream().noneMatch(change -> change.startsWith("give")));
        assertEquals(Optional.empty(), rollouts.config().state(PRODUCTION));
    }

    @Test
    void whatReadsThemAgainIsGivenThemAndLeftAlone() throws Exception {
        apply(Reading.REREAD);
        target.changes();

        put("two");
        assertEquals(
                state(false, Optional.empty(), Optional.empty()),
                rollouts.config().state(PRODUCTION));
        rollouts.config().look();
        rollouts.config().look();

        assertEquals(1, target.changes().size());
        assertEquals(2, items().get(1).get(0).version());
        assertEquals(2, told.size());
        assertEquals(
                state(true, Optional.empty(), Optional.empty()),
                rollouts.config().state(PRODUCTION));
    }

    @Test
    void whatReadsThemWhenItStartsIsReplacedWithOneMoreMeanwhile() throws Exception {
        apply(Reading.RESTART);
        target.changes();
        put("two");

        rollouts.config().look();

        awaitState(state(true, Optional.of(true), Optional.empty()));
        assertEquals(
                List.of("scale " + SERVING + " 3", "renew " + SERVING, "renew " + SERVING, "scale " + SERVING + " 2"),
                target.changes().stream()
                        .filter(change -> !change.startsWith("give") && !change.startsWith("route"))
                        .toList());
        rollouts.config().look();
        assertEquals(List.of(), target.changes());
    }

    @Test
    void aRenewalThatWasInterruptedGoesOnWithWhatIsLeft() throws Exception {
        apply(Reading.RESTART);
        target.changes();
        put("two");
        troubled = Optional.of("route");

        rollouts.config().look();
        assertTrue(Await.until(PATIENCE, () -> troubled.isEmpty()));
        rollouts = open();

        assertTrue(Await.until(PATIENCE, () -> {
            look();
            return state(true, Optional.of(true), Optional.empty()).equals(stateNow());
        }));
        assertEquals(
                2,
                target.changes().stream()
                        .filter(change -> change.startsWith("renew"))
                        .count());
        assertEquals(Map.of(SERVING, 2), target.replicas());
    }

    @Test
    void replicasThatRunStayWhereNoneBecomesReadyWithTheNewOnes() throws Exception {
        apply(Reading.RESTART);
        target.changes();
        put("bad");
        health = Health.BROKEN;

        rollouts.config().look();

        awaitState(state(true, Optional.of(false), Optional.of("the command ended")));
        assertEquals(Map.of(SERVING, 2), target.replicas());
        assertTrue(target.changes().stream().noneMatch(change -> change.startsWith("renew")));

        health = Health.WELL;
        put("good");
        rollouts.config().look();
        awaitState(state(true, Optional.of(true), Optional.empty()));
    }

    @Test
    void whatCouldNotBeToldIsToldLaterAndOnce() throws Exception {
        deaf = true;
        apply(Reading.REREAD);
        deaf = false;

        rollouts.config().look();
        rollouts = open();
        rollouts.config().look();

        assertEquals(1, told.size());
        assertEquals(SERVING, told.get(0).deployment());
    }

    private Rollouts open() {
        Pace pace = new Pace() {

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void pause(Semaphore said) {
                target.live();
            }
        };
        return new Rollouts(
                directory,
                new Walk.Ground(
                        target, new Analyst(target, Optional.empty()), question -> Optional.empty(), point -> {}, pace),
                desk);
    }

    private void apply(Reading reading) throws Exception {
        rollouts.apply(new Application(SERVING, works.with(reading), line -> {}, Optional::empty));
    }

    private void put(String value) throws Exception {
        desk.store().put(PRODUCTION, Kind.SETTING, "GREETING", value, "ana", Instant.now(), Duration.ZERO);
    }

    private void awaitState(Optional<ConfigState> state) {
        assertTrue(Await.until(PATIENCE, () -> state.equals(stateNow())));
    }

    private Optional<ConfigState> stateNow() {
        try {
            return rollouts.config().state(PRODUCTION);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void look() {
        try {
            rollouts.config().look();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The target fails once at this place. */
    private void trouble(String where) throws IOException {
        if (troubled.equals(Optional.of(where))) {
            troubled = Optional.empty();
            throw new IOException("the target is away");
        }
    }

    private static Optional<ConfigState> state(boolean given, Optional<Boolean> restarted, Optional<String> trouble) {
        return Optional.of(new ConfigState(SERVING, given, restarted, trouble));
    }

    private List<List<ConfigEvent.Item>> items() {
        return told.stream().map(ConfigGiven::items).toList();
    }
}

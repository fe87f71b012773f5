package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.NotApplied;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.TestDesk;
import dev.flujo.deploy.config.ConfigRefused;
import dev.flujo.deploy.config.Kind;
import dev.flujo.deploy.rollout.ModelTarget.Health;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deployment that comes to one cluster after the other. */
@Timeout(30)
class WavesTest {

    private static final Environment PRODUCTION = new Environment("shop", "production");
    private static final UUID FIRST = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID SECOND = UUID.fromString("00000000-0000-0000-0000-000000000002");
    private static final UUID THIRD = UUID.fromString("00000000-0000-0000-0000-000000000003");
    private static final Deploy.Wave EUROPE = wave("europe", Duration.ZERO, false, "eu-1", "eu-2");
    private static final Deploy.Wave WORLD = wave("world", Duration.ZERO, false, "us-1");
    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    Path directory;

    private final ModelWorks works = new ModelWorks(new Random(1));
    private final Map<UUID, Health> health = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private Instant now = BEGIN;
    private ModelSites target;
    private final List<ConfigGiven> given = new ArrayList<>();
    private Desk desk;
    private Rollouts rollouts;
    private ModelTarget.Moment moment = where -> {};
    private Runnable looks = () -> {};

    @BeforeEach
    void begin() {
        target = new ModelSites(where -> moment.pass(where), id -> health.getOrDefault(id, Health.WELL));
        Pace pace = new Pace() {

            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void pause(Semaphore said) {
                now = now.plusSeconds(10);
                target.live();
                looks.run();
            }
        };
        desk = TestDesk.in(directory, given::add);
        rollouts = new Rollouts(
                directory,
                new Walk.Ground(
                        target, new Analyst(target, Optional.empty()), question -> Optional.empty(), point -> {}, pace),
                desk);
    }

    @Test
    void reachesAllSitesOfAWaveBeforeTheNextOneBegins() throws Exception {
        Serving serving = apply(FIRST, works.in(EUROPE, WORLD));

        assertEquals(Optional.of(serving), target.serving(PRODUCTION));
        assertEquals(
                List.of(
                        "wave 'europe': applies its manifests in eu-1/shop, eu-2/shop",
                        "stage 1 of 2: wave 'europe': 2 healthy, 100 % of the traffic in eu-1/shop, eu-2/shop",
                        "wave 'world': applies its manifests in us-1/shop",
                        "stage 2 of 2: wave 'world': 2 healthy, 100 % of the traffic in us-1/shop",
                        "took over at http://shop"),
                lines);
        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Map.of(FIRST, 2), ground(cluster).replicas(), cluster);
            assertEquals(
                    FIRST, ground(cluster).serving(PRODUCTION).orElseThrow().deployment(), cluster);
        }
    }

    @Test
    void aWaveThatFailsTakesBackWhatTheWavesBeforeItHaveChanged() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        health.put(SECOND, Health.BROKEN);

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, works.in(EUROPE, WORLD)));

        assertEquals("wave 'world': us-1/shop: the command ended", thrown.getMessage());
        assertEquals(FIRST, target.serving(PRODUCTION).orElseThrow().deployment());
        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Map.of(FIRST, 2), ground(cluster).replicas(), cluster);
            assertEquals(List.of(new Share(FIRST, 100)), ground(cluster).shares(), cluster);
        }
    }

    @Test
    void aFirstVersionThatFailsInALaterWaveIsTakenAwayAgain() throws Exception {
        health.put(FIRST, Health.BROKEN);

        assertThrows(NotApplied.class, () -> apply(FIRST, works.in(EUROPE, WORLD)));

        assertEquals(Optional.empty(), target.serving(PRODUCTION));
        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Map.of(), ground(cluster).replicas(), cluster);
            assertEquals(List.of(), ground(cluster).shares(), cluster);
        }
    }

    @Test
    void anAbortAfterAWaveTakesItBackAndBeginsNoOther() throws Exception {
        Deploy.Wave europe = wave("europe", Duration.ZERO, true, "eu-1", "eu-2");
        apply(FIRST, works.in(EUROPE, WORLD));
        looks = () -> rollouts.ongoing(PRODUCTION)
                .filter(ongoing -> ongoing.question().isPresent())
                .ifPresent(ongoing -> answer(ongoing, false));

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, works.in(europe, WORLD)));

        assertEquals("aborted by ben", thrown.getMessage());
        assertEquals(Map.of(FIRST, 2), ground("eu-1").replicas());
        assertTrue(ground("us-1").changes().stream().noneMatch(change -> change.contains(SECOND.toString())));
    }

    @Test
    void aSiteInTroubleKeepsNoOtherFromComingBack() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        health.put(SECOND, Health.BROKEN);
        troubleWhenSecondIsIn("us-1", "scale");

        assertThrows(IOException.class, () -> apply(SECOND, works.in(EUROPE, WORLD)));

        assertEquals(Map.of(FIRST, 2), ground("eu-2").replicas());
        assertThrows(NotApplied.class, () -> apply(SECOND, works.in(EUROPE, WORLD)));
        assertEquals(Map.of(FIRST, 2), ground("eu-1").replicas());
        assertEquals(Map.of(FIRST, 2), ground("us-1").replicas());
    }

    @Test
    void waitsAfterAWaveForAsLongAsItSaysAndWatchesItMeanwhile() throws Exception {
        Deploy.Wave europe = wave("europe", Duration.ofMinutes(30), false, "eu-1");
        apply(FIRST, works.in(europe, WORLD));
        assertTrue(Duration.between(BEGIN, now).compareTo(Duration.ofMinutes(30)) >= 0, now.toString());
        looks = () -> {
            if (ground("eu-1").replicas().containsKey(SECOND)
                    && ground("eu-1").shares().size() == 1) {
                health.put(SECOND, Health.BROKEN);
            }
        };

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, works.in(europe)));

        assertEquals("wave 'europe': eu-1/shop: the command ended", thrown.getMessage());
        assertEquals(Map.of(FIRST, 2), ground("eu-1").replicas());
    }

    @Test
    void asksAPersonBeforeTheNextWave() throws Exception {
        Deploy.Wave europe = wave("europe", Duration.ZERO, true, "eu-1");
        List<Ongoing> asked = new ArrayList<>();
        looks = () -> rollouts.ongoing(PRODUCTION)
                .filter(ongoing -> ongoing.question().isPresent())
                .ifPresent(ongoing -> {
                    asked.add(ongoing);
                    answer(ongoing, true);
                });

        apply(FIRST, works.in(europe, WORLD));

        assertEquals(1, asked.size());
        assertEquals(Optional.of("europe"), asked.get(0).wave());
        assertEquals(List.of(new Site("eu-1", "shop")), asked.get(0).sites());
        assertEquals(
                Optional.of("wave 'europe': the new version has 100 % of the traffic; promote it, or abort it"),
                asked.get(0).question());
        assertEquals(Map.of(FIRST, 2), ground("us-1").replicas());
    }

    @Test
    void whatIsReachedNoMoreEndsOnceTheNewVersionServes() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));

        apply(SECOND, works.in(EUROPE));

        assertEquals(Map.of(), ground("us-1").replicas());
        assertEquals(Map.of(SECOND, 2), ground("eu-1").replicas());
    }

    @Test
    void aRollbackReachesEverySiteOfTheVersionThatServesAgain() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        Work second = works.in(EUROPE);
        apply(SECOND, second);

        rollouts.carryOut(
                new RollBack(UUID.randomUUID(), PRODUCTION, FIRST, SECOND, "ana", Optional.empty(), now), lines::add);

        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Map.of(FIRST, 2), ground(cluster).replicas(), cluster);
            assertEquals(List.of(new Share(FIRST, 100)), ground(cluster).shares(), cluster);
        }
        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(THIRD, works.again(second)));
        assertTrue(thrown.getMessage().contains("rolled this one back"), thrown.getMessage());
    }

    @Test
    void aSiteThatIsInTroubleTakesTheOthersBack() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        troubleWhenSecondIsIn("us-1", "route");

        NotApplied thrown = assertThrows(NotApplied.class, () -> apply(SECOND, works.in(EUROPE, WORLD)));

        assertEquals("wave 'world': the target is in trouble: it does not answer", thrown.getMessage());
        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Map.of(FIRST, 2), ground(cluster).replicas(), cluster);
        }
    }

    @Test
    void whatCouldNotBeTakenBackIsSoBeforeTheNextOneBegins() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        troubleWhenSecondIsIn("us-1", "route", "scale");
        assertThrows(IOException.class, () -> apply(SECOND, works.in(EUROPE, WORLD)));

        apply(THIRD, works.in(EUROPE, WORLD));

        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            assertEquals(Set.of(THIRD), ground(cluster).replicas().keySet(), cluster);
        }
    }

    @Test
    void everySiteHasItsSettingsBeforeItsReplicasAndIsToldOnce() throws Exception {
        put("one");
        apply(FIRST, works.with(Reading.REREAD, EUROPE, WORLD));

        for (String cluster : List.of("eu-1", "eu-2", "us-1")) {
            List<String> changes = ground(cluster).changes();
            assertTrue(changes.get(0).startsWith("give "), changes.toString());
            assertTrue(changes.get(1).startsWith("scale "), changes.toString());
        }
        assertEquals(1, given.size());
        assertEquals(
                Optional.of(new ConfigState(FIRST, true, Optional.empty(), Optional.empty())),
                rollouts.config().state(PRODUCTION));
    }

    @Test
    void aSiteInTroubleKeepsNoOtherFromNewSettings() throws Exception {
        put("one");
        apply(FIRST, works.with(Reading.REREAD, EUROPE, WORLD));
        target.changes();
        put("two");
        moment = where -> {
            moment = later -> {};
            throw new IOException("it does not answer");
        };

        rollouts.config().look();

        assertEquals(List.of(), ground("eu-1").changes());
        assertEquals(1, ground("us-1").changes().size());
        assertEquals(
                Optional.of(new ConfigState(FIRST, false, Optional.empty(), Optional.empty())),
                rollouts.config().state(PRODUCTION));
        rollouts.config().look();
        assertEquals(1, ground("eu-1").changes().size());
        assertEquals(2, given.size());
    }

    @Test
    void driftSaysInWhichSiteItIs() throws Exception {
        apply(FIRST, works.in(EUROPE, WORLD));
        ground("eu-2")
                .drift(new Difference(
                        "Deployment shop", "spec.replicas", Optional.of("3"), Optional.of("5"), Optional.empty()));
        List<DriftDetected> told = new ArrayList<>();

        rollouts.lookForDrift(told::add);

        assertEquals(1, told.size());
        assertEquals(
                "eu-2/shop Deployment shop", told.get(0).differences().get(0).object());
    }

    /** The target does not answer at the first of these places, then at the next one, as soon as the second version is there. */
    private void troubleWhenSecondIsIn(String cluster, String... places) {
        looks = () -> {
            if (ground(cluster).replicas().containsKey(SECOND)) {
                looks = () -> {};
                Iterator<String> next = List.of(places).iterator();
                String[] expected = {next.next()};
                moment = where -> {
                    if (where.equals(expected[0])) {
                        expected[0] = next.hasNext() ? next.next() : "nowhere";
                        throw new IOException("it does not answer");
                    }
                };
            }
        };
    }

    private void answer(Ongoing ongoing, boolean goOn) {
        try {
            Answer said = new Answer(goOn, "ben", now, Optional.empty());
            assertEquals(Optional.of(said), rollouts.answer(PRODUCTION, ongoing.deployment(), ongoing.stage(), said));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void put(String value) throws IOException, ConfigRefused {
        desk.store().put(PRODUCTION, Kind.SETTING, "GREETING", value, "ana", now, Duration.ZERO);
    }

    private ModelTarget ground(String cluster) {
        return target.ground(Optional.of(new Site(cluster, "shop")));
    }

    private Serving apply(UUID deployment, Work work) throws NotApplied, IOException, InterruptedException {
        return rollouts.apply(new Application(deployment, work, lines::add, Optional::empty));
    }

    private static Deploy.Wave wave(String name, Duration pause, boolean approval, String... clusters) {
        return new Deploy.Wave(name, List.of(clusters), List.of(), pause, approval);
    }
}

package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target.Version;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Analysis;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Of which sites an analysis is asked. */
class AskedTest {

    private static final Work WORK = new ModelWorks(new Random(1)).rolling();
    private static final Sides FIRST = sides("eu-1", true);
    private static final Sides SECOND = sides("eu-2", true);
    private static final Sides NEW = sides("eu-3", false);

    @Test
    void aPathIsAskedInEachSite() {
        assertEquals(
                List.of("alive in eu-1/shop", "alive in eu-2/shop"),
                names(Optional.of("europe"), http("alive", false), FIRST, SECOND));
    }

    @Test
    void aQueryIsAskedOnceUnlessItNamesTheSite() {
        Optional<String> wave = Optional.of("europe");

        assertEquals(List.of("errors"), names(wave, query("errors", "rate(errors)"), FIRST, SECOND));
        assertEquals(
                List.of("errors in eu-1/shop", "errors in eu-2/shop"),
                names(wave, query("errors", "rate(errors{cluster=\"$cluster\"})"), FIRST, SECOND));
    }

    @Test
    void aSiteWithNothingToCompareWithIsNotCompared() {
        assertEquals(List.of("alive in eu-1/shop"), names(Optional.of("europe"), http("alive", true), FIRST, NEW));
        assertEquals(List.of("alive in eu-3/shop"), names(Optional.of("europe"), http("alive", true), NEW));
    }

    @Test
    void withoutWavesItKeepsItsName() {
        assertEquals(List.of("alive"), names(Optional.empty(), http("alive", false), FIRST));
    }

    private static List<String> names(Optional<String> wave, Analysis analysis, Sides... parts) {
        Stage.Watch watch = new Stage.Watch(Duration.ZERO, false, List.of(analysis));
        Stage stage = new Stage(new Stage.Side(1, 100), new Stage.Side(0, 0), watch);
        return Asked.of(new Leg(wave, List.of(parts), false, stage)).stream()
                .map(asked -> asked.analysis().name())
                .toList();
    }

    private static Sides sides(String cluster, boolean replaces) {
        Site site = new Site(cluster, "shop");
        Version version = new Version(new UUID(0, 1), WORK, 1).at(site);
        Version old = new Version(new UUID(0, 2), WORK, 1).at(site);
        return new Sides(version, replaces ? Optional.of(old) : Optional.empty());
    }

    private static Analysis http(String name, boolean compare) {
        return analysis(name, Optional.empty(), Optional.of("/health"), compare);
    }

    private static Analysis query(String name, String text) {
        return analysis(name, Optional.of(text), Optional.empty(), false);
    }

    private static Analysis analysis(String name, Optional<String> prometheus, Optional<String> http, boolean compare) {
        return new Analysis(
                name,
                prometheus,
                http,
                Optional.empty(),
                Optional.empty(),
                Optional.of("result < 300"),
                Optional.empty(),
                Duration.ofSeconds(10),
                0,
                compare);
    }
}

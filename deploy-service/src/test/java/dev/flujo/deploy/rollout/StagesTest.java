package dev.flujo.deploy.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StagesTest {

    @Test
    void theFirstVersionOfAnEnvironmentGetsEverythingAtOnceWhateverItsStrategy() {
        for (Kind kind : Kind.values()) {
            assertEquals(List.of("3 of 100 beside 0"), shown(stages(3, plain(kind), Optional.empty())));
        }
    }

    @Test
    void oneReplicaIsReplacedByOneThatIsUpBefore() {
        assertEquals(List.of("1 of 100 beside 0"), shown(stages(1, plain(Kind.ROLLING), Optional.of(1))));
    }

    @Test
    void rollingGoesReplicaByReplica() {
        assertEquals(
                List.of("1 of 25 beside 3", "2 of 50 beside 2", "3 of 75 beside 1", "4 of 100 beside 0"),
                shown(stages(4, rolling("1", "0"), Optional.of(4))));
    }

    @Test
    void rollingWithoutSurgeEndsAnOldReplicaBeforeItStartsANewOne() {
        assertEquals(
                List.of("0 of 0 beside 2", "1 of 50 beside 1", "2 of 100 beside 0", "3 of 100 beside 0"),
                shown(stages(3, rolling("0", "1"), Optional.of(3))));
    }

    @Test
    void rollingTakesSharesOfTheWantedNumber() {
        assertEquals(
                List.of("3 of 38 beside 5", "8 of 100 beside 0"),
                shown(stages(10, rolling("25%", "20%"), Optional.of(10))).stream()
                        .filter(stage -> stage.startsWith("3 ") || stage.startsWith("8 "))
                        .toList());
    }

    @Test
    void rollingNeverLeavesItsLimitsAndAlwaysComesToItsEnd() {
        for (int wanted = 1; wanted <= 12; wanted++) {
            for (int before = 1; before <= 12; before++) {
                for (int surge = 0; surge <= 3; surge++) {
                    for (int unavailable = 0; unavailable <= 3; unavailable++) {
                        checkLimits(wanted, before, surge, unavailable);
                    }
                }
            }
        }
    }

    @Test
    void aTargetThatRollsByItselfIsToldTheEndAtOnce() {
        List<Stage> stages = Stages.of(rollout(4, rolling("1", "0")), Optional.of(4), true);

        assertEquals(List.of("4 of 100 beside 0"), shown(stages));
    }

    @Test
    void aRollbackKeepsWhatIsUndoneUntilTheOtherServesUnlessTheTargetRolls() {
        Rollout rolling = rollout(2, rolling("1", "0"));

        assertEquals(List.of("2 of 100 beside 3"), shown(List.of(Stages.back(rolling, 3, false))));
        assertEquals(List.of("2 of 100 beside 0"), shown(List.of(Stages.back(rolling, 3, true))));
        assertEquals(
                List.of("2 of 100 beside 3"), shown(List.of(Stages.back(rollout(2, plain(Kind.BLUE_GREEN)), 3, true))));
    }

    @Test
    void blueGreenComesUpWithoutTrafficAndLeavesTheOldVersionRunning() {
        List<Stage> stages = stages(
                2,
                new Strategy(Kind.BLUE_GREEN, Optional.empty(), Optional.empty(), Optional.empty(), true, List.of()),
                Optional.of(3));

        assertEquals(List.of("2 of 0 beside 3", "2 of 100 beside 3"), shown(stages));
        assertTrue(stages.get(0).watch().approval());
    }

    @Test
    void aCanaryGrowsWithItsShareOfTheTraffic() {
        Duration pause = Duration.ofMinutes(2);
        Strategy canary = new Strategy(
                Kind.CANARY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(new CanaryStep(5, pause, false), new CanaryStep(50, pause, true)));

        List<Stage> stages = stages(4, canary, Optional.of(4));

        assertEquals(List.of("1 of 5 beside 4", "2 of 50 beside 4", "4 of 100 beside 4"), shown(stages));
        assertEquals(pause, stages.get(0).watch().pause());
        assertTrue(stages.get(1).watch().approval());
    }

    private static void checkLimits(int wanted, int before, int surge, int unavailable) {
        String what = wanted + " after " + before + ", surge " + surge + ", unavailable " + unavailable;
        int most = Math.max(before, wanted + (surge + unavailable == 0 ? 1 : surge));
        int least = Math.min(before, wanted - unavailable);
        int old = before;
        List<Stage> stages =
                stages(wanted, rolling(Integer.toString(surge), Integer.toString(unavailable)), Optional.of(before));
        for (Stage stage : stages) {
            assertTrue(stage.fresh().replicas() + old <= most, what);
            assertTrue(stage.fresh().replicas() + stage.old().replicas() >= least, what);
            old = stage.old().replicas();
        }
        Stage last = stages.get(stages.size() - 1);
        assertEquals(wanted, last.fresh().replicas(), what);
        assertEquals(0, last.old().replicas(), what);
        assertTrue(stages.size() <= wanted + before + 1, what);
    }

    private static List<String> shown(List<Stage> stages) {
        return stages.stream()
                .map(stage -> stage.fresh().replicas() + " of " + stage.percent() + " beside "
                        + stage.old().replicas())
                .toList();
    }

    private static List<Stage> stages(int replicas, Strategy strategy, Optional<Integer> before) {
        return Stages.of(rollout(replicas, strategy), before, false);
    }

    private static Rollout rollout(int replicas, Strategy strategy) {
        return new Rollout(replicas, strategy, List.of(), true, List.of());
    }

    private static Strategy plain(Kind kind) {
        return new Strategy(kind, Optional.empty(), Optional.empty(), Optional.empty(), false, List.of());
    }

    private static Strategy rolling(String surge, String unavailable) {
        return new Strategy(
                Kind.ROLLING, Optional.of(surge), Optional.of(unavailable), Optional.empty(), false, List.of());
    }
}

package dev.flujo.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Envelope;
import dev.flujo.metrics.DeployFacts.Place;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DoraTest {

    private static final Window WINDOW = Window.ending(LocalDate.parse("2026-11-20"), 5);
    private static final Instant DAY_4 = Instant.parse("2026-11-19T10:00:00Z");
    private static final Instant DAY_5 = Instant.parse("2026-11-20T10:00:00Z");
    private static final Story STORY = new Story("shop");

    private final List<Envelope> events = new ArrayList<>();

    @Test
    void countsDeploymentsPerDayAndKeepsDaysWithout() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_5);
        deploy("c3", DAY_5.plusSeconds(600));
        deploy("old", DAY_5.minusSeconds(30 * 86_400));
        events.add(STORY.givenUp("production", "c4", DAY_5));

        Measure frequency = measure(DoraKey.DEPLOYMENT_FREQUENCY);

        assertEquals(Optional.of(0.0), frequency.value());
        assertEquals(List.of(0L, 0L, 0L, 1L, 2L), frequency.details().get("perDay"));
        assertEquals(3, frequency.details().get("deployments"));
        assertEquals(0.6, frequency.details().get("meanPerDay"));
        assertEquals(1L, frequency.details().get("givenUpBeforeServing"));
        assertEquals(3, frequency.events().size());
    }

    @Test
    void takesTheMedianFromCommitToServingOfNewCommits() {
        deploy("old", DAY_4.minusSeconds(30 * 86_400));
        deploy("c1", DAY_4);
        deploy("c2", DAY_5, 3_600);
        deploy("c3", DAY_5.plusSeconds(60), 7_200);
        Envelope again = STORY.deployed(
                "production",
                "again",
                DAY_5.plusSeconds(120),
                Story.revision("old", "main", "Go back", Optional.of(DAY_4.minusSeconds(30 * 86_400))));
        events.add(again);

        Measure leadTime = measure(DoraKey.CHANGE_LEAD_TIME);

        assertEquals(Optional.of(3_625.0), leadTime.value());
        assertEquals(3, leadTime.details().get("changes"));
        assertEquals(
                Set.of(id("c1"), id("c2"), id("c3")),
                leadTime.deployments(),
                "a commit that served before is no change");
    }

    @Test
    void leavesOutCommitsWithoutATimeBeforeServing() {
        events.add(STORY.deployed("production", "c1", DAY_5, Story.revision("c1", "main", "Work", Optional.empty())));
        events.add(STORY.deployed(
                "production",
                "c2",
                DAY_5,
                Story.revision("c2", "main", "Work", Optional.of(DAY_5.plusSeconds(86_400)))));

        Measure leadTime = measure(DoraKey.CHANGE_LEAD_TIME);

        assertEquals(Optional.empty(), leadTime.value());
        assertTrue(leadTime.reason().orElseThrow().contains("time"));
        assertEquals(2, leadTime.details().get("changesLeftOut"));
    }

    @Test
    void laysAnIncidentAtTheDoorOfTheDeploymentThatItNames() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_5);
        events.add(STORY.detected("i1", "production", DAY_5.plusSeconds(600), Optional.of(id("c1"))));

        Measure failRate = measure(DoraKey.CHANGE_FAIL_RATE);

        assertEquals(Optional.of(0.5), failRate.value());
        assertEquals(List.of(id("c1")), failRate.details().get("countedDeployments"));
        assertEquals(3, failRate.events().size());
    }

    @Test
    void laysAnIncidentThatNamesNoneAtTheDoorOfTheLastDeploymentWithinTheWindowOfIncidents() {
        deploy("c1", DAY_4);
        events.add(STORY.detected("late", "production", DAY_4.plusSeconds(8 * 86_400), Optional.empty()));
        assertEquals(Optional.of(0.0), measure(DoraKey.CHANGE_FAIL_RATE).value());

        events.add(STORY.detected("soon", "production", DAY_4.plusSeconds(600), Optional.empty()));
        assertEquals(Optional.of(1.0), measure(DoraKey.CHANGE_FAIL_RATE).value());

        events.add(STORY.detected("elsewhere", "staging", DAY_4.plusSeconds(600), Optional.empty()));
        assertEquals(4, measure(DoraKey.CHANGE_FAIL_RATE).events().size() + 2);
    }

    @Test
    void takesTheRecoveryFromServingToTheEndOfTheIncident() {
        deploy("c1", DAY_4);
        events.add(STORY.detected("i1", "production", DAY_4.plusSeconds(625), Optional.empty()));
        events.add(STORY.resolved("i1", "production", DAY_4.plusSeconds(3_625), Optional.empty()));

        Measure recovery = measure(DoraKey.FAILED_DEPLOYMENT_RECOVERY_TIME);

        assertEquals(Optional.of(3_600.0), recovery.value());
        assertEquals(3, recovery.events().size());
    }

    @Test
    void takesTheRecoveryToALaterHealthyDeploymentWhereThatComesFirst() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_4.plusSeconds(300));
        deploy("c3", DAY_4.plusSeconds(900));
        events.add(STORY.detected("i1", "production", DAY_4.plusSeconds(100), Optional.of(id("c1"))));
        events.add(STORY.detected("i2", "production", DAY_4.plusSeconds(400), Optional.of(id("c2"))));

        Measure recovery = measure(DoraKey.FAILED_DEPLOYMENT_RECOVERY_TIME);

        assertEquals(Optional.of(750.0), recovery.value());
        assertEquals(2, recovery.details().get("failed"));
    }

    @Test
    void countsARollbackAsFailureAndRecoveryOfWhatServed() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_5);
        events.add(STORY.rolledBack("production", DAY_5.plusSeconds(145)));

        assertEquals(
                List.of(id("c2")), measure(DoraKey.CHANGE_FAIL_RATE).details().get("countedDeployments"));
        assertEquals(
                Optional.of(120.0),
                measure(DoraKey.FAILED_DEPLOYMENT_RECOVERY_TIME).value());
        assertEquals(
                2, measure(DoraKey.DEPLOYMENT_FREQUENCY).details().get("deployments"), "a rollback is no deployment");
    }

    @Test
    void countsAHotfixAsReworkAndWhatItFixesAsFailed() {
        deploy("c1", DAY_4);
        events.add(STORY.deployed(
                "production",
                "c2",
                DAY_5,
                Story.revision("c2", "hotfix/carts", "Fill carts", Optional.of(DAY_5.minusSeconds(60)))));

        assertEquals(
                List.of(id("c1")), measure(DoraKey.CHANGE_FAIL_RATE).details().get("countedDeployments"));
        assertEquals(
                List.of(id("c2")),
                measure(DoraKey.DEPLOYMENT_REWORK_RATE).details().get("countedDeployments"));
        assertEquals(Optional.of(0.5), measure(DoraKey.DEPLOYMENT_REWORK_RATE).value());
    }

    @Test
    void countsADeploymentWhoseChainCarriesAnEarlierIncidentAsRework() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_5);
        events.add(STORY.detectedOnChain("i1", "production", DAY_5.minusSeconds(60), "c2"));

        assertEquals(
                List.of(id("c2")),
                measure(DoraKey.DEPLOYMENT_REWORK_RATE).details().get("countedDeployments"));
        assertEquals(
                List.of(id("c1")), measure(DoraKey.CHANGE_FAIL_RATE).details().get("countedDeployments"));
    }

    @Test
    void countsTheDeploymentThatResolvedAnIncidentAsRework() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_5);
        events.add(STORY.detected("i1", "production", DAY_4.plusSeconds(60), Optional.empty()));
        events.add(STORY.resolved("i1", "production", DAY_5.plusSeconds(60), Optional.of(id("c2"))));

        assertEquals(
                List.of(id("c2")),
                measure(DoraKey.DEPLOYMENT_REWORK_RATE).details().get("countedDeployments"));
    }

    @Test
    void saysWhyThereIsNoNumber() {
        for (DoraKey key : DoraKey.values()) {
            Measure measure = measure(key);

            assertEquals(Optional.empty(), measure.value());
            assertTrue(measure.reason().isPresent(), key.label());
        }
    }

    @Test
    void givesTheSameForRepeatedEventsInAnyOrder() {
        deploy("c1", DAY_4);
        deploy("c2", DAY_4.plusSeconds(300));
        deploy("c3", DAY_5);
        events.add(STORY.detected("i1", "production", DAY_4.plusSeconds(100), Optional.empty()));
        events.add(STORY.resolved("i1", "production", DAY_4.plusSeconds(200), Optional.empty()));
        events.add(STORY.rolledBack("production", DAY_5.plusSeconds(145)));
        Dora expected = dora();
        Random random = new Random(9);
        for (int round = 0; round < 50; round++) {
            events.addAll(List.copyOf(events).subList(0, 3));
            Collections.shuffle(events, random);

            assertEquals(expected, dora());
        }
    }

    @Test
    void knowsTheTierOfAnEnvironment() {
        assertEquals("production", TestRules.RULES.tier("production"));
        assertEquals("other", TestRules.RULES.tier("staging"));
    }

    @Test
    void findsEveryPlaceThatWasDeployedTo() {
        deploy("c1", DAY_4);
        events.add(STORY.deployed("staging", "c1", DAY_4));

        assertEquals(
                Set.of(new Place("main", "production"), new Place("main", "staging")),
                DeployFacts.of(events).places());
    }

    private void deploy(String commit, Instant received) {
        events.add(STORY.deployed("production", commit, received));
    }

    private void deploy(String commit, Instant received, long secondsOld) {
        events.add(STORY.deployed(
                "production",
                commit,
                received,
                Story.revision(commit, "main", "Work", Optional.of(received.minusSeconds(secondsOld)))));
    }

    private static UUID id(String commit) {
        return STORY.deploymentId("production", commit);
    }

    private Measure measure(DoraKey key) {
        return dora().measure(key);
    }

    private Dora dora() {
        return Dora.of(DeployFacts.of(events), new Place(Story.PIPELINE, "production"), WINDOW, TestRules.RULES);
    }

    @Test
    void tellsTheMedianAndThePercentile() {
        assertEquals(Optional.of(2.5), Statistics.median(List.of(4, 1, 3, 2)));
        assertEquals(Optional.of(3.0), Statistics.median(List.of(9, 1, 3)));
        assertEquals(Optional.of(4.0), Statistics.percentile(List.of(4, 1, 3, 2), 0.95));
        assertEquals(Optional.empty(), Statistics.median(List.of()));
        assertEquals(
                Map.of("a", List.of(202_612, 202_701)),
                Map.of("a", new Window(LocalDate.parse("2026-12-31"), LocalDate.parse("2027-01-01")).months()));
    }
}

package dev.flujo.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-20T10:00:00Z");
    private static final Story STORY = new Story("shop");

    @Test
    void cutsARunIntoPhasesThatAddUpFromCommitToServing() {
        RunTimeline run = timeline(deployedRun());

        assertEquals(
                Map.of(
                        Phase.COMMIT_TO_TRIGGER, Duration.ofSeconds(60),
                        Phase.QUEUE, Duration.ofSeconds(2),
                        Phase.BUILD, Duration.ofSeconds(10),
                        Phase.TEST, Duration.ofSeconds(5),
                        Phase.WAIT, Duration.ofSeconds(4),
                        Phase.DEPLOY, Duration.ofSeconds(4)),
                run.phases());
        assertEquals(Duration.ofSeconds(85), run.total());
        assertEquals(RECEIVED.plusSeconds(25), run.end());
        assertEquals(Optional.of(Duration.ofSeconds(26)), run.duration());
        assertTrue(run.settled());
    }

    @Test
    void endsARunWithoutADeploymentWhenItFinished() {
        RunTimeline run = timeline(STORY.run("c1", RECEIVED, Outcome.FAILED));

        assertEquals(RECEIVED.plusSeconds(26), run.end());
        assertEquals(Duration.ofSeconds(86), run.total());
        assertEquals(Optional.of(Outcome.FAILED), run.outcome());
    }

    @Test
    void isNotSettledBeforeItsDeploymentIsKnown() {
        assertFalse(timeline(STORY.run("c1", RECEIVED, Outcome.SUCCEEDED)).settled());
    }

    @Test
    void givesTheSameForRepeatedEventsInAnyOrder() {
        RunTimeline expected = timeline(deployedRun());
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<Envelope> events = new ArrayList<>(deployedRun());
            events.addAll(deployedRun().subList(0, random.nextInt(events.size())));
            Collections.shuffle(events, random);

            assertEquals(expected, timeline(events));
        }
    }

    @Test
    void countsTheEarlierOfTwoFactsWithOneSequence() {
        List<Envelope> events = new ArrayList<>(deployedRun());
        Envelope started = events.get(3);
        events.add(
                0,
                new Envelope(
                        "second writer",
                        started.source(),
                        started.time().plusSeconds(5),
                        started.chainId(),
                        started.sequence(),
                        started.event()));

        assertEquals(timeline(deployedRun()), timeline(events));
    }

    @Test
    void addsUpWhateverIsMissing() {
        Random random = new Random(8);
        for (int round = 0; round < 200; round++) {
            List<Envelope> events = new ArrayList<>(deployedRun());
            for (int i = random.nextInt(10); i > 0; i--) {
                events.remove(1 + random.nextInt(events.size() - 1));
            }

            RunTimeline run = timeline(events);

            assertEquals(Duration.between(RECEIVED.minusSeconds(60), run.end()), run.total());
        }
    }

    @Test
    void countsAllStepsAsTestsWhereNoneIsNamedLikeOne() {
        List<Envelope> events = new ArrayList<>();
        for (Envelope envelope : deployedRun()) {
            events.add(
                    envelope.event() instanceof JobEvent.StepStarted e
                            ? renamed(
                                    envelope,
                                    new JobEvent.StepStarted(e.project(), e.attempt(), e.step(), "Make", e.startedAt()))
                            : envelope);
        }

        assertEquals(Duration.ofSeconds(13), timeline(events).phases().get(Phase.TEST));
    }

    @Test
    void leavesOutTheWayToTheTriggerWhereTheCommitHasNoTimeBeforeIt() {
        List<Envelope> events = new ArrayList<>(deployedRun());
        RunEvent.RunQueued queued = (RunEvent.RunQueued) events.get(0).event();
        events.set(
                0,
                renamed(
                        events.get(0),
                        new RunEvent.RunQueued(
                                queued.project(),
                                queued.run(),
                                queued.pipeline(),
                                queued.version(),
                                queued.cause(),
                                Story.revision("c1", "main", "Work", Optional.of(RECEIVED.plusSeconds(1))),
                                queued.plan())));

        RunTimeline run = timeline(events);

        assertEquals(Optional.empty(), run.phase(Phase.COMMIT_TO_TRIGGER));
        assertEquals(Duration.ofSeconds(25), run.total());
    }

    @Test
    void knowsNothingOfARunBeforeItIsQueued() {
        assertEquals(Optional.empty(), RunHistory.of(deployedRun().subList(1, 5), TestRules.RULES));
    }

    private static List<Envelope> deployedRun() {
        List<Envelope> events = new ArrayList<>(STORY.run("c1", RECEIVED, Outcome.SUCCEEDED));
        events.add(STORY.deployed("production", "c1", RECEIVED));
        return events;
    }

    private static Envelope renamed(Envelope envelope, dev.flujo.event.Event event) {
        return new Envelope(
                envelope.id(), envelope.source(), envelope.time(), envelope.chainId(), envelope.sequence(), event);
    }

    private static RunTimeline timeline(List<Envelope> events) {
        return RunHistory.of(events, TestRules.RULES).orElseThrow();
    }
}

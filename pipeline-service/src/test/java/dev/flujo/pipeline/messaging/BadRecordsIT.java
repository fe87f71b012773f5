package dev.flujo.pipeline.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.AuditEvent.ActionRecorded;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DeployEvent.EnvironmentCreated;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PoolEvent.SlotReleased;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
import dev.flujo.stack.Await;
import dev.flujo.stack.BadRecords;
import dev.flujo.stack.BadRecords.BadRecord;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that nobody should write, on every topic that the orchestrator or a projector reads. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class BadRecordsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PROJECT = "shop-" + UUID.randomUUID();
    private static final String PLAN =
            "name: main\non: {push: {}, manual: {}}\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";

    @TestHTTPResource
    URI base;

    private TestClient client;
    private TestLog log;

    /** A topic with one good record of it, and how many consumers of this service read what is of its type. */
    record Case(Topic topic, Envelope good, int consumers) {

        @Override
        public String toString() {
            return topic.topicName();
        }
    }

    static Stream<Case> topics() {
        RunStory story = new RunStory(PROJECT);
        Attempt attempt = story.attempt();
        return Stream.of(
                new Case(Topic.COMMITS, envelope(push("a".repeat(40))), 1),
                new Case(Topic.COMMANDS, envelope(start()), 2),
                new Case(Topic.PIPELINES, envelope(definition()), 2),
                new Case(Topic.RUNS, story.queued().get(0), 1),
                new Case(Topic.RUNNERS, envelope(new RunnerLeft("default", "r1")), 1),
                new Case(Topic.BUILDS, envelope(new JobStarted(PROJECT, attempt, "r1", Instant.now())), 1),
                new Case(Topic.TESTS, envelope(test(attempt)), 1),
                new Case(Topic.DEPLOYS, envelope(new EnvironmentCreated(PROJECT, "production")), 1),
                new Case(Topic.LOGS, story.log(0, 1, List.of("line")), 1),
                new Case(Topic.AUDIT, envelope(action()), 1),
                new Case(Topic.POOL_REQUESTS, envelope(new SlotReleased("default", attempt)), 1),
                new Case(Topic.POOL_FACTS, envelope(new JobAssigned(PROJECT, attempt, "default", "r1")), 1));
    }

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void aGoodRequestStillWorks() {
        assertEquals(200, TestClient.anonymous(base).get("/q/health").status(), () -> TestClient.anonymous(base)
                .get("/q/health")
                .body());
        submit();
        String run = URI.create(
                        client.post("/api/v1/projects/" + PROJECT + "/pipelines/main/runs", "{\"branch\":\"main\"}")
                                .header("Location")
                                .orElseThrow())
                .getPath();
        assertTrue(Await.until(PATIENCE, () -> state(run).equals("QUEUED")), () -> state(run));
        log.close();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void whatCannotBeReadIsADeadLetterOrCountedAndStopsNothing(Case topic) {
        List<BadRecord> bad = new ArrayList<>(BadRecords.unreadable(topic.topic(), topic.good()));
        bad.addAll(BadRecords.misplaced(topic.topic(), topic.good()));

        BadRecords.checkBuried(log, client, topic.topic(), bad, topic.consumers());
    }

    /** Every replica reads all of the topic anew, so a dead letter would be one of many. */
    @Test
    void whatCannotBeReadOfQueuesIsCountedAndStopsNothing() {
        QueueReported good = new QueueReported(
                QueueEvent.ofPool("nobody-" + UUID.randomUUID()), List.of(), List.of(), 0, Optional.empty());
        List<BadRecord> bad = BadRecords.unreadable(Topic.QUEUES, envelope(good));
        double before = passedOver();

        bad.forEach(record -> log.write(record.record()));

        assertTrue(
                Await.until(PATIENCE, () -> passedOver() == before + bad.size()),
                () -> passedOver() + " of " + (before + bad.size()));
    }

    private double passedOver() {
        return client.metric("flujo_events_unknown_total{topic=\"flujo.queues\"")
                .orElse(0.0);
    }

    @Test
    void coversEveryTopicButWhatOnlyRunnersReadAndQueues() {
        assertEquals(
                Stream.of(Topic.values())
                        .filter(topic -> topic != Topic.ASSIGNMENTS && topic != Topic.QUEUES)
                        .sorted()
                        .toList(),
                topics().map(Case::topic).sorted().toList());
    }

    @Test
    void theOrchestratorTakesWhatANewerFlujoWrites() {
        submit();
        CommitPushed push = push("b".repeat(40));
        StartRun start = start();

        log.write(BadRecords.newer(Topic.COMMITS, envelope(push)).record());
        assertTrue(Await.until(
                PATIENCE,
                () -> client.get("/api/v1/runs?project=" + PROJECT + "&commit=" + push.commit())
                                .json()
                                .path("items")
                                .size()
                        == 1));

        log.write(BadRecords.newer(Topic.COMMANDS, envelope(start)).record());
        assertTrue(
                Await.until(PATIENCE, () -> state("/api/v1/runs/" + start.run()).equals("QUEUED")));
    }

    @Test
    void theHistoryTakesWhatANewerFlujoWrites() {
        RunStory story = new RunStory(PROJECT);

        for (Envelope event : story.whole(Outcome.SUCCEEDED)) {
            log.write(BadRecords.newer(Topic.RUNS, event).record());
        }
        log.write(
                BadRecords.newer(Topic.LOGS, story.log(0, 1, List.of("line 1"))).record());
        log.write(BadRecords.newer(Topic.TESTS, envelope(test(story.attempt()))).record());

        String run = "/api/v1/runs/" + story.run();
        assertTrue(Await.until(PATIENCE, () -> state(run).equals("SUCCEEDED")));
        assertTrue(Await.until(
                PATIENCE, () -> client.get(run + "/jobs/build/log").body().contains("line 1")));
        assertTrue(Await.until(
                PATIENCE, () -> client.get(run + "/jobs/build/tests").body().contains("\"a\"")));
    }

    @Test
    void reportsOnRunsThatThereAreNotAreRejectedAndCounted() {
        String counter = "flujo_commands_rejected_total{reason=\"RUN_UNKNOWN\"";
        double before = client.metric(counter).orElse(0.0);

        log.write(
                Topic.BUILDS,
                PROJECT,
                envelope(new JobStarted(PROJECT, new RunStory(PROJECT).attempt(), "r1", Instant.now())));

        assertTrue(Await.until(PATIENCE, () -> client.metric(counter).orElse(0.0) == before + 1));
    }

    private void submit() {
        client.send(
                "PUT",
                "/api/v1/projects/" + PROJECT + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
    }

    private String state(String run) {
        return client.get(run).json().path("state").asText();
    }

    private static CommitPushed push(String commit) {
        return new CommitPushed(
                PROJECT, "main", commit, Optional.empty(), Optional.empty(), Optional.empty(), "ana", Instant.now());
    }

    private static StartRun start() {
        return new StartRun(
                PROJECT,
                UUID.randomUUID(),
                "main",
                "main",
                Optional.empty(),
                "ana",
                UUID.randomUUID().toString(),
                Instant.now());
    }

    private static PipelineDefined definition() {
        return new PipelineDefined(
                PROJECT, "other", DerivedId.version("", PLAN), Optional.empty(), PLAN, "ana", Instant.now());
    }

    private static CaseFinished test(Attempt attempt) {
        return new CaseFinished(PROJECT, attempt, "suite", "a", Outcome.SUCCEEDED, 1, Optional.empty());
    }

    private static ActionRecorded action() {
        return new ActionRecorded(
                Optional.of(PROJECT),
                "ana",
                "run.start",
                "x",
                "accepted",
                Optional.empty(),
                Optional.empty(),
                Instant.now());
    }

    private static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event);
    }
}

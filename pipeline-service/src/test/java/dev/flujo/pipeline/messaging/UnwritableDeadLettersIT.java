package dev.flujo.pipeline.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestEvent.CaseFinished;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
import dev.flujo.stack.Await;
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
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that nobody can read, while Kafka does not take the dead letters that they are to be. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class UnwritableDeadLettersIT {

    private static final int BAD = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private final List<Topic> closed = new ArrayList<>();
    private TestClient client;
    private TestLog log;
    private Admin admin;

    @BeforeEach
    void begin() {
        String kafka = TestServers.shared().kafka().bootstrapServers();
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(kafka);
        admin = Admin.create(Map.of("bootstrap.servers", kafka));
    }

    @AfterEach
    void end() throws Exception {
        for (Topic topic : List.copyOf(closed)) {
            open(topic);
        }
        admin.close();
        log.close();
    }

    @Test
    void aProjectorStopsBeforeTheFirstUntilItCanBuryThem() throws Exception {
        RunStory story = new RunStory(project);
        story.whole(Outcome.SUCCEEDED).forEach(event -> log.write(Topic.RUNS, project, event));
        close(Topic.TESTS);
        int before = letters(Topic.TESTS);

        List<ProducerRecord<String, byte[]>> records = bad(Topic.TESTS);
        records.add(TestLog.record(Topic.TESTS, project, envelope(test(story.attempt()))));
        log.write(records);

        awaitRefused("flujo_dead_letters_refused_total{topic=\"flujo.tests\"");
        assertEquals("QUEUED", stateOfANewRun());
        assertEquals(before, letters(Topic.TESTS));
        assertEquals(List.of(), tests(story));

        open(Topic.TESTS);

        assertTrue(Await.until(PATIENCE, () -> tests(story).size() == 1), () -> letters(Topic.TESTS) + " letters");
        assertEquals(before + BAD, letters(Topic.TESTS));
    }

    @Test
    void theOrchestratorCommitsNothingUntilItCanBuryThem() throws Exception {
        submit();
        close(Topic.COMMANDS);
        int before = letters(Topic.COMMANDS);
        StartRun start = start();

        List<ProducerRecord<String, byte[]>> records = bad(Topic.COMMANDS);
        records.add(TestLog.record(Topic.COMMANDS, project, envelope(start)));
        log.write(records);

        awaitRefused("flujo_orchestrator_replaced_total");
        awaitRefused("flujo_dead_letters_refused_total{topic=\"flujo.commands\"");
        assertEquals(before, letters(Topic.COMMANDS));
        assertEquals(404, client.get("/api/v1/runs/" + start.run()).status());

        open(Topic.COMMANDS);

        assertTrue(
                Await.until(PATIENCE, () -> letters(Topic.COMMANDS) == before + 2 * BAD),
                () -> letters(Topic.COMMANDS) + " letters, and " + before + " before");
        assertTrue(
                Await.until(PATIENCE, () -> state("/api/v1/runs/" + start.run()).equals("QUEUED")));
    }

    private void awaitRefused(String counter) {
        assertTrue(Await.until(PATIENCE, () -> client.metric(counter).orElse(0.0) >= 1), counter);
    }

    /** Lets Kafka refuse whatever is written to the dead letters of the topic. */
    private void close(Topic topic) throws ExecutionException, InterruptedException {
        closed.add(topic);
        change(topic, OpType.SET);
        assertTrue(Await.until(PATIENCE, () -> refuses(topic)));
    }

    private boolean refuses(Topic topic) {
        try {
            log.write(new ProducerRecord<>(topic.deadLetterName(), project, new byte[100]));
            return false;
        } catch (IllegalStateException refused) {
            return true;
        }
    }

    private void open(Topic topic) throws ExecutionException, InterruptedException {
        change(topic, OpType.DELETE);
        closed.remove(topic);
    }

    private void change(Topic topic, OpType what) throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic.deadLetterName()),
                        List.of(new AlterConfigOp(new ConfigEntry("max.message.bytes", "1"), what))))
                .all()
                .get();
    }

    private int letters(Topic topic) {
        return log.records(topic.deadLetterName()).size();
    }

    private List<ProducerRecord<String, byte[]>> bad(Topic topic) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < BAD; i++) {
            records.add(TestLog.record(topic, project, Map.of("ce_id", "bad-" + i), new byte[] {'{', (byte) i}));
        }
        return records;
    }

    private List<String> tests(RunStory story) {
        List<String> names = new ArrayList<>();
        client.get("/api/v1/runs/" + story.run() + "/jobs/build/tests")
                .json()
                .path("items")
                .forEach(test -> names.add(test.path("name").asText()));
        return names;
    }

    private String stateOfANewRun() {
        submit();
        String run = URI.create(
                        client.post("/api/v1/projects/" + project + "/pipelines/main/runs", "{\"branch\":\"main\"}")
                                .header("Location")
                                .orElseThrow())
                .getPath();
        Await.until(PATIENCE, () -> state(run).equals("QUEUED"));
        return state(run);
    }

    private void submit() {
        client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(
                        "name: main\non: {push: {}, manual: {}}\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n"));
    }

    private String state(String run) {
        return client.get(run).json().path("state").asText();
    }

    private StartRun start() {
        return new StartRun(
                project,
                UUID.randomUUID(),
                "main",
                "main",
                Optional.empty(),
                "ana",
                UUID.randomUUID().toString(),
                Instant.now());
    }

    private CaseFinished test(Attempt attempt) {
        return new CaseFinished(project, attempt, "suite", "a", Outcome.SUCCEEDED, 1, Optional.empty());
    }

    private static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event);
    }
}

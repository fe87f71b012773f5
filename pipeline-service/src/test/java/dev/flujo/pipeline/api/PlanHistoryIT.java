package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.Attempt;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.Revision;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new pipeline would have done in the last days, whatever it waits for. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class PlanHistoryIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TestHTTPResource
    URI base;

    private final ObjectMapper json = new ObjectMapper();
    private final String project = "shop-" + UUID.randomUUID();
    private final String topic = "images-" + UUID.randomUUID();
    private TestClient client;
    private TestLog log;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void seesWhateverThePipelineWaitsFor() throws Exception {
        recordOfTopic();
        happen(
                Topic.COMMITS,
                new CommitPushed(
                        project,
                        "main",
                        COMMIT,
                        Optional.empty(),
                        Optional.of("ana"),
                        Optional.empty(),
                        "ana",
                        Instant.now()));
        happen(
                Topic.DEPLOYS,
                new ServiceDeployed(
                        project,
                        "staging",
                        UUID.randomUUID(),
                        new Attempt(UUID.randomUUID(), "ship", 1),
                        "main",
                        "pkg:generic/shop",
                        new Revision(
                                Optional.empty(),
                                "main",
                                Optional.of(COMMIT),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        "ana",
                        "http://localhost:1",
                        Instant.now()));
        runToItsEnd("library", "");
        runToItsEnd("main", "inputs: {size: {default: small}}\n");

        JsonNode seen = foresee(client);

        assertEquals(List.of("there is no topic 'no-such-" + topic + "'"), texts(seen.path("unseen")));
        assertTrue(seen.path("complete").asBoolean());
        assertEquals(
                List.of("deployment", "kafka", "manual", "push", "schedule", "upstream"),
                texts(seen.path("events"), "/event/kind").stream()
                        .distinct()
                        .sorted()
                        .toList());
        assertEquals(
                24,
                texts(seen.path("events"), "/event/kind").stream()
                        .filter("schedule"::equals)
                        .count());
        assertEquals(texts(seen.path("events"), "/at").stream().sorted().toList(), texts(seen.path("events"), "/at"));
        assertEquals("FILTERED its `if` is false: event.payload.name == 'node'", verdict(seen, "kafka"));
        assertEquals("STARTS ", verdict(seen, "manual"));
        assertEquals("STARTS ", verdict(seen, "upstream"));
        assertEquals("FILTERED its `environments` do not allow `staging`", verdict(seen, "deployment"));
        assertEquals("large", of(seen, "manual").at("/inputs/size").asText());
    }

    @Test
    void showsRecordsOnlyToThoseWhoMayWrite() throws Exception {
        recordOfTopic();
        Answer token = client.post("/api/v1/tokens", "{\"name\":\"reader\",\"scopes\":[\"read\"]}");

        JsonNode seen = foresee(client.with(token.json().path("token").asText()));

        assertTrue(texts(seen.path("events"), "/event/kind").stream().noneMatch("kafka"::equals));
        assertEquals(
                List.of(
                        "records of topic '" + topic + "' are shown only to those who may write",
                        "records of topic 'no-such-" + topic + "' are shown only to those who may write"),
                texts(seen.path("unseen")));
    }

    private void recordOfTopic() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", TestServers.shared().kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
        }
        log.write(new ProducerRecord<>(topic, "k", "{\"name\":\"jdk\"}".getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode foresee(TestClient caller) throws IOException {
        String source =
                """
                name: main
                on:
                  push: {branches: [next]}
                  manual:
                  kafka: [{topic: %1$s, if: event.payload.name == 'node'}, {topic: no-such-%1$s}]
                  upstream: {pipeline: library}
                  deployment: {environments: [production]}
                  schedule: {cron: 7 * * * *}
                inputs: {size: {default: small}}
                jobs: {a: {steps: [make]}}
                """
                        .formatted(topic);
        Answer answer = caller.post(
                "/api/v1/plan", json.writeValueAsString(Map.of("source", source, "project", project, "days", 1)));
        assertEquals(200, answer.status(), answer.body());
        return answer.json();
    }

    private void happen(Topic where, Event event) {
        log.write(
                where,
                project,
                Envelope.of(
                        UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event));
    }

    private void runToItsEnd(String pipeline, String inputs) {
        Answer submitted = client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/" + pipeline,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(
                        "name: " + pipeline + "\non: manual\n" + inputs + "jobs: {a: {if: 'false', steps: [make]}}\n"));
        assertEquals(201, submitted.status(), submitted.body());
        Answer started = client.post(
                "/api/v1/projects/" + project + "/pipelines/" + pipeline + "/runs",
                inputs.isEmpty() ? "{\"branch\":\"main\"}" : "{\"branch\":\"main\",\"inputs\":{\"size\":\"large\"}}");
        assertEquals(202, started.status(), started.body());
        String run = "/api/v1/runs/" + started.json().path("id").asText();
        assertTrue(Await.until(
                PATIENCE, () -> client.get(run).json().path("state").asText().equals("SUCCEEDED")));
    }

    private static String verdict(JsonNode seen, String kind) {
        JsonNode event = of(seen, kind);
        return event.path("verdict").asText() + " " + event.path("reason").asText("");
    }

    private static JsonNode of(JsonNode seen, String kind) {
        for (JsonNode event : seen.path("events")) {
            if (event.at("/event/kind").asText().equals(kind)) {
                return event;
            }
        }
        throw new AssertionError("Expected a " + kind + " in " + seen);
    }

    private static List<String> texts(JsonNode items, String... pointer) {
        List<String> texts = new ArrayList<>();
        items.forEach(item -> texts.add((pointer.length == 0 ? item : item.at(pointer[0])).asText()));
        return texts;
    }
}

package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.EncodedEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventRecords;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dead letters: listed, explained, put back. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class DeadLetterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COMMITS = "/api/v1/dead-letters/flujo.commits";

    @TestHTTPResource
    URI base;

    private final String project = "letters-" + UUID.randomUUID();
    private final String commit = "c".repeat(40);
    private TestClient admin;
    private TestLog log;

    @BeforeEach
    void begin() {
        admin = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void whatNobodyCanReadIsExplainedAndStays() {
        log.write(new ProducerRecord<>(Topic.COMMITS.topicName(), project, "{".getBytes(StandardCharsets.UTF_8)));

        JsonNode letter = await();

        assertEquals("{", letter.path("body").asText());
        assertEquals(false, letter.path("replayable").asBoolean());
        assertTrue(letter.path("reason").asText().startsWith("Expected"), letter.toString());
        Answer refused = admin.post(COMMITS + "/" + letter.path("number").asLong() + "/replay", "");
        assertEquals(409, refused.status(), refused.body());
        assertTrue(refused.isProblem());
        assertTrue(admin.get("/api/v1/dead-letters").body().contains("flujo.commits"));
    }

    /** What could not be handled when it came, as the consumers bury it, and can be today. */
    @Test
    void whatCanBeReadTodayStartsItsRunOnceItIsPutBack() {
        define();
        EncodedEvent push = new EventCodec().encode(Topic.COMMITS, push());
        Headers headers = EventRecords.headers(push);
        headers.add(EventRecords.REASON_HEADER, "Expected to handle the event".getBytes(StandardCharsets.UTF_8));
        log.write(new ProducerRecord<>(Topic.COMMITS.deadLetterName(), null, project, push.value(), headers));
        JsonNode letter = await();
        assertEquals(true, letter.path("replayable").asBoolean(), letter.toString());
        String replay = COMMITS + "/" + letter.path("number").asLong() + "/replay";

        assertEquals(202, admin.post(replay, "").status());
        assertEquals(202, admin.post(replay, "").status());

        assertTrue(Await.until(PATIENCE, () -> runs() == 1));
        assertEquals(404, admin.get(COMMITS + "/999999999").status());
        assertEquals(404, admin.get("/api/v1/dead-letters/other").status());
    }

    private int runs() {
        return admin.get("/api/v1/runs?project=" + project).json().path("items").size();
    }

    private JsonNode await() {
        assertTrue(Await.until(PATIENCE, () -> find().isPresent()));
        return find().orElseThrow();
    }

    private Optional<JsonNode> find() {
        for (JsonNode letter : admin.get(COMMITS + "?limit=100").json().path("items")) {
            if (letter.path("key").asText().equals(project)) {
                return Optional.of(letter);
            }
        }
        return Optional.empty();
    }

    private void define() {
        admin.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString("{name: main, on: push, jobs: {a: {steps: ['true']}}}"));
    }

    private Envelope push() {
        CommitPushed push = new CommitPushed(
                project, "main", commit, Optional.empty(), Optional.empty(), Optional.empty(), "ana", Instant.now());
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), push);
    }
}

package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AuditEvent.ActionRecorded;
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
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comments on a pull request, from the socket to what happens to its runs. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class CommentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLAN = "name: main\non: pull_request\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient anonymous;
    private TestClient admin;
    private TestLog log;

    @BeforeEach
    void begin() {
        anonymous = TestClient.anonymous(base).awaitReady();
        admin = anonymous.with(PipelineServers.ADMIN);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
        assertEquals(201, submitted.status(), submitted.body());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void somebodyWhoMayLetsTheRunOfAForkGoAndNobodyElse() {
        open("github/fork");
        await("HELD");

        JsonNode stranger = comment("/ok-to-test", "eve", Instant.now());
        assertEquals("refused", stranger.path("result").asText(), stranger.toString());
        assertTrue(
                stranger.path("reason").asText().contains("github:eve is not known to be that: nobody can be asked"),
                stranger.toString());
        assertEquals(Optional.of("refused"), recorded("request.ok-to-test").map(ActionRecorded::result));
        JsonNode early = comment("/ok-to-test", "bob", Instant.now().minusSeconds(3600));
        assertTrue(early.path("left").path(0).asText().contains("before that commit came"), early.toString());
        JsonNode other = comment("/ok-to-test 0123abc", "bob", Instant.now());
        assertTrue(other.path("left").path(0).asText().contains("0123abc"), other.toString());
        assertEquals("HELD", run(0).path("state").asText());

        JsonNode may = comment("/ok-to-test", "bob", Instant.now().plusSeconds(1));

        assertEquals("accepted", may.path("result").asText(), may.toString());
        assertEquals(run(0).path("id").asText(), may.path("runs").path(0).asText());
        await("QUEUED");
        assertEquals(Optional.of("github:bob"), recorded("run.approve").map(ActionRecorded::by));
    }

    @Test
    void cancelsAndTestsAgainOnceForEachComment() {
        open("github/opened");
        await("QUEUED");

        assertEquals(
                "accepted",
                comment("/cancel", "bob", Instant.now()).path("result").asText());
        await("CANCELLED");
        JsonNode nothing = comment("/cancel", "bob", Instant.now());
        assertEquals("ignored", nothing.path("result").asText(), nothing.toString());

        String delivery = UUID.randomUUID().toString();
        JsonNode again = comment("/retest", "bob", Instant.now(), delivery);
        assertEquals("accepted", again.path("result").asText(), again.toString());
        assertEquals(again, comment("/retest", "bob", Instant.now(), delivery));

        assertTrue(Await.until(
                PATIENCE,
                () -> runs().size() == 2 && run(0).path("state").asText().equals("QUEUED")));
        assertEquals(again.path("runs").path(0).asText(), run(0).path("id").asText());
        assertEquals("github:bob", run(0).at("/cause/by").asText());

        comment("/cancel", "bob", Instant.now());
        await("CANCELLED");
        assertEquals(again, comment("/retest", "bob", Instant.now(), delivery), "once it has ended without success");
        assertEquals(2, runs().size());
    }

    @Test
    void saysWhatItDoesNotKnow() {
        JsonNode unknown = comment("/retest", "bob", Instant.now());

        assertEquals("ignored", unknown.path("result").asText(), unknown.toString());
        assertTrue(unknown.path("left").path(0).asText().contains("#7"), unknown.toString());
        assertEquals(
                "ignored", comment("Nice!", "bob", Instant.now()).path("result").asText());
    }

    private void open(String file) {
        Answer opened =
                deliver("pull_request", Payloads.body(file), UUID.randomUUID().toString());
        assertEquals(202, opened.status(), opened.body());
        // A comment only says the number, which is known as soon as what came before is projected.
        assertTrue(Await.until(PATIENCE, () -> {
            JsonNode answer = comment("/retest", "bob", Instant.now());
            return !answer.path("left").path(0).asText().contains("#7");
        }));
    }

    private JsonNode comment(String text, String by, Instant at) {
        return comment(text, by, at, UUID.randomUUID().toString());
    }

    private JsonNode comment(String text, String by, Instant at, String delivery) {
        String body = Payloads.body("github/comment")
                .replace("\"bob\"", "\"" + by + "\"")
                .replace("2026-11-24T10:05:00Z", at.toString())
                .replace("Looks good.\\r\\n/ok-to-test\\r\\n", text);
        Answer answer = deliver("issue_comment", body, delivery);
        assertEquals(202, answer.status(), answer.body());
        return answer.json();
    }

    private Answer deliver(String event, String body, String delivery) {
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/json",
                "X-GitHub-Event",
                event,
                "X-GitHub-Delivery",
                delivery,
                "X-Hub-Signature-256",
                "sha256=" + Signatures.hex(PipelineServers.WEBHOOK_SECRET, body));
        return anonymous.send("POST", "/api/v1/webhooks/github/" + project, headers, BodyPublishers.ofString(body));
    }

    private Optional<ActionRecorded> recorded(String action) {
        return log.events(Topic.AUDIT).stream()
                .map(envelope -> (ActionRecorded) envelope.event())
                .filter(each -> each.project().equals(Optional.of(project))
                        && each.action().equals(action))
                .findFirst();
    }

    private void await(String state) {
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> !runs().isEmpty() && run(0).path("state").asText().equals(state)),
                () -> runs().toString());
    }

    private JsonNode run(int index) {
        return runs().get(index);
    }

    private List<JsonNode> runs() {
        List<JsonNode> runs = new ArrayList<>();
        admin.get("/api/v1/runs?project=" + project).json().path("items").forEach(runs::add);
        return runs;
    }
}

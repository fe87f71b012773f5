package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.forge.FakeForge.Reply;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a forge is told of a commit, from the event on the log to the call. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
@WithTestResource(FakeForgeServer.class)
class StatusIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeForge forge = FakeForgeServer.forge();

    @TestHTTPResource
    URI base;

    private final String commit = UUID.randomUUID().toString().replace("-", "") + "00000000";
    private TestClient admin;
    private TestLog log;

    @BeforeEach
    void begin() {
        admin = TestClient.anonymous(base).awaitReady().with(PipelineServers.ADMIN);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        submit("main", "on: push");
        submit("docs", "on: {push: {branches: [docs]}}");
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void isWhatThePipelinesSayAlsoWhenTheForgeIsAwayForAWhile() {
        forge.answersWhenTold("acme/shop", Reply.of(500), Reply.of(429).with("Retry-After", "1"), Reply.never());
        push();
        awaitState("flujo/main/push", "pending");
        awaitState("flujo/docs/push", "success");
        // Three failures, each check once, and once more what the forge may have heard without answering.
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> told("flujo/main/push").size()
                                        + told("flujo/docs/push").size()
                                == 6),
                () -> forge.calls().toString());
        JsonNode skipped = last("flujo/docs/push").orElseThrow();
        assertTrue(skipped.path("description").asText().contains("Does not have to run"), skipped.toString());
        String run = run();
        assertEquals(
                "https://flujo.example.com/api/v1/runs/" + run,
                last("flujo/main/push").orElseThrow().path("target_url").asText());

        assertEquals(202, admin.post("/api/v1/runs/" + run + "/cancel", "").status());
        awaitState("flujo/main/push", "error");

        Answer again = admin.post("/api/v1/runs/" + run + "/rerun", "{}");
        assertEquals(202, again.status(), again.body());
        awaitState("flujo/main/push", "pending");
        List<String> states = told("flujo/main/push").stream()
                .map(status -> status.path("state").asText())
                .distinct()
                .toList();
        assertEquals(List.of("pending", "error"), states, "in the order in which it happened");
        assertTrue(forge.calls().stream()
                .allMatch(call -> call.header("Authorization").equals("token " + ForgesFixture.TOKEN)));
    }

    private void push() {
        CommitPushed push = new CommitPushed(
                FakeForgeServer.SHOP,
                "main",
                commit,
                Optional.of("Sell"),
                Optional.empty(),
                Optional.empty(),
                "ada",
                Instant.now());
        log.write(
                Topic.COMMITS,
                FakeForgeServer.SHOP,
                Envelope.of(
                        UUID.randomUUID().toString(), URI.create("/robot"), Instant.now(), UUID.randomUUID(), push));
    }

    private void submit(String pipeline, String on) {
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + FakeForgeServer.SHOP + "/pipelines/" + pipeline,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(
                        "name: " + pipeline + "\n" + on + "\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n"));
        assertTrue(submitted.status() < 300, submitted.body());
    }

    private String run() {
        String path = "/api/v1/runs?pipeline=main&project=" + FakeForgeServer.SHOP + "&commit=" + commit;
        return admin.get(path).json().at("/items/0/id").asText();
    }

    private void awaitState(String context, String state) {
        assertTrue(
                Await.until(PATIENCE, () -> last(context)
                        .filter(status -> status.path("state").asText().equals(state))
                        .isPresent()),
                () -> state + " of " + context + ": " + forge.calls());
    }

    private Optional<JsonNode> last(String context) {
        List<JsonNode> all = told(context);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    private List<JsonNode> told(String context) {
        return forge.calls().stream()
                .filter(call -> call.path().equals("/repos/acme/shop/statuses/" + commit))
                .map(FakeForge.Call::json)
                .filter(status -> status.path("context").asText().equals(context))
                .toList();
    }
}

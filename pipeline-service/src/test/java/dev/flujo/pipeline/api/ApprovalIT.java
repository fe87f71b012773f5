package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consent over REST, with the real orchestrator behind it. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class ApprovalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLAN =
            """
            name: main
            on: manual
            jobs:
              a: {approval: {from: [group:sre, user:eve], count: 2, not-author: true, expires: 1h}, steps: [make]}
              b: {steps: [make]}
            """;

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient admin;
    private TestClient bob;
    private TestClient eve;

    @BeforeEach
    void begin() {
        admin = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        bob = caller("bob", "\"dev\",\"sre\"");
        eve = caller("eve", "");
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
        assertEquals(201, submitted.status(), submitted.body());
    }

    @Test
    void letsTheJobGoOnOnceEnoughHaveConsented() {
        String job = waiting(admin);
        JsonNode approval = admin.get(job).json().path("approval");
        assertEquals("[\"group:sre\",\"user:eve\"]", approval.path("from").toString());
        assertEquals(2, approval.path("count").asInt());
        assertTrue(approval.path("until").isTextual(), approval.toString());

        Answer first = bob.post(job + "/approve", "{\"comment\":\"seen on staging\"}");
        assertEquals(202, first.status(), first.body());
        assertTrue(Await.until(PATIENCE, () -> answers(job).size() == 1));
        assertEquals(202, bob.post(job + "/approve", "{}").status());
        assertEquals(202, eve.post(job + "/approve", "").status());

        assertTrue(Await.until(PATIENCE, () -> state(job).equals("QUEUED")), () -> admin.get(job)
                .body());
        assertEquals(List.of("bob", "eve"), answers(job));
        assertEquals(
                "seen on staging",
                admin.get(job).json().at("/approval/answers/0/comment").asText());
        assertProblem(409, "job-not-waiting", bob.post(job + "/reject", "{}"));
    }

    @Test
    void failsTheJobWhenOneRejects() {
        String job = waiting(admin);

        Answer rejected = eve.post(job + "/reject", "{\"comment\":\"not on a Friday\"}");

        assertEquals(202, rejected.status(), rejected.body());
        assertTrue(Await.until(PATIENCE, () -> state(job).equals("FAILED")), () -> admin.get(job)
                .body());
        assertEquals(
                "rejected by eve: not on a Friday",
                admin.get(job).json().path("reason").asText());
    }

    @Test
    void refusesTheWordOfOthers() {
        String job = waiting(bob);

        assertProblem(403, "approver-unexpected", caller("mallory", "\"dev\"").post(job + "/approve", "{}"));
        assertProblem(403, "approver-unexpected", bob.post(job + "/approve", "{}"));
        assertTrue(bob.post(job + "/approve", "{}").body().contains("stands behind the start of the run"));
        Answer reader =
                TestClient.anonymous(base).with(token("eve", "\"read\"", "")).post(job + "/approve", "{}");
        assertEquals(403, reader.status(), reader.body());
        assertEquals("APPROVING", state(job));
    }

    @Test
    void refusesAnswersToWhatDoesNotWait() {
        String job = waiting(admin);

        assertProblem(409, "job-not-waiting", bob.post(job.replaceAll("a$", "b") + "/approve", "{}"));
        assertProblem(404, "not-found", bob.post(job.replaceAll("a$", "x") + "/approve", "{}"));
        assertProblem(404, "not-found", bob.post(job + "/allow", "{}"));
        assertProblem(422, "invalid", bob.post(job + "/approve", "{\"comment\":\"" + "x".repeat(1001) + "\"}"));
        admin.post(job.replaceAll("/jobs/.*", "/cancel"), "");
        assertTrue(Await.until(PATIENCE, () -> state(job).equals("SKIPPED")));
        assertProblem(409, "run-already-finished", bob.post(job + "/approve", "{}"));
    }

    /** A job that waits for consent, of a run that this caller has started. */
    private String waiting(TestClient starter) {
        Answer started = starter.post("/api/v1/projects/" + project + "/pipelines/main/runs", "{\"branch\":\"main\"}");
        assertEquals(202, started.status(), started.body());
        String job = "/api/v1/runs/" + started.json().path("id").asText() + "/jobs/a";
        assertTrue(Await.until(PATIENCE, () -> state(job).equals("APPROVING")), () -> admin.get(job)
                .body());
        return job;
    }

    private String state(String job) {
        return admin.get(job).json().path("state").asText();
    }

    private List<String> answers(String job) {
        List<String> by = new ArrayList<>();
        admin.get(job)
                .json()
                .at("/approval/answers")
                .forEach(answer -> by.add(answer.path("by").asText()));
        return by;
    }

    private TestClient caller(String name, String groups) {
        return TestClient.anonymous(base).with(token(name, "\"write\"", groups));
    }

    private String token(String name, String scopes, String groups) {
        Answer made = admin.post(
                "/api/v1/tokens",
                "{\"name\":\"" + name + "\",\"scopes\":[" + scopes + "],\"groups\":[" + groups + "]}");
        assertEquals(201, made.status(), made.body());
        return made.json().path("token").asText();
    }

    private static void assertProblem(int status, String slug, Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.isProblem() && answer.json().path("type").asText().endsWith(slug), answer.body());
    }
}

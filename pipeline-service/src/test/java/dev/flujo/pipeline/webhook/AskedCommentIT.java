package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.forge.FakeForgeServer;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Comments at a forge that does not say who somebody is: it is asked. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
@WithTestResource(FakeForgeServer.class)
class AskedCommentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROJECT = FakeForgeServer.ASKED;

    @TestHTTPResource
    URI base;

    private TestClient admin;

    @Test
    void areHeardFromThoseWhoMayWriteAndFromPeopleWhoWereNamed() {
        admin = TestClient.anonymous(base).awaitReady().with(PipelineServers.ADMIN);
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + PROJECT + "/pipelines/asked",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(
                        "name: asked\non: pull_request\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n"));
        assertTrue(submitted.status() < 300, submitted.body());
        assertEquals(202, deliver("pull_request", Payloads.body("gitea/fork")).status());
        await("HELD");

        JsonNode nobody = comment("bob", "/ok-to-test");
        assertEquals("refused", nobody.path("result").asText(), nobody.toString());
        assertTrue(nobody.path("reason").asText().contains("gitea:bob"), nobody.toString());
        assertEquals("HELD", run().path("state").asText());

        FakeForgeServer.forge().page("/repos/acme/asked/collaborators/bob/permission", "{'permission':'write'}");
        assertTrue(Await.until(
                PATIENCE,
                () -> comment("bob", "/ok-to-test").path("result").asText().equals("accepted")));
        await("QUEUED");

        JsonNode named = comment("ada", "/cancel");
        assertEquals("accepted", named.path("result").asText(), named.toString());
        await("CANCELLED");
        assertTrue(run().path("reason").asText().contains("gitea:ada"), run().toString());
    }

    private JsonNode comment(String by, String text) {
        String body = Payloads.body("gitea/comment")
                .replace("bob", by)
                .replace("/ok-to-test", text)
                .replace("2026-11-24T10:05:00Z", Instant.now().plusSeconds(1).toString());
        Answer answer = deliver("issue_comment", body);
        assertEquals(202, answer.status(), answer.body());
        return answer.json();
    }

    private Answer deliver(String event, String body) {
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/json",
                "X-Gitea-Event",
                event,
                "X-Gitea-Delivery",
                UUID.randomUUID().toString(),
                "X-Gitea-Signature",
                Signatures.hex(PipelineServers.WEBHOOK_SECRET, body));
        return TestClient.anonymous(base)
                .send("POST", "/api/v1/webhooks/gitea/" + PROJECT, headers, BodyPublishers.ofString(body));
    }

    private void await(String state) {
        assertTrue(Await.until(PATIENCE, () -> run().path("state").asText().equals(state)), () -> run().toString());
    }

    private JsonNode run() {
        return admin.get("/api/v1/runs?pipeline=asked&project=" + PROJECT)
                .json()
                .at("/items/0");
    }
}

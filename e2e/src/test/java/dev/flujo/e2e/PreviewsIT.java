package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Environments of pull requests, from the forge's webhook on: there while the request is open, or for their time. */
class PreviewsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ON_REQUESTS = "on: pull_request";
    private static final String BY_HAND = "on: manual";

    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);

    private Client client;
    private Webhooks webhooks;
    private Invariants invariants;

    @BeforeEach
    void up() throws IOException {
        SharedStack shared = SharedStack.get();
        client = new Client(shared.stack().url(), shared.stack().adminToken());
        webhooks = new Webhooks(shared.stack().url(), shared.stack().webhookSecret());
        invariants = new Invariants(client);
    }

    @Test
    void aPullRequestHasAnEnvironmentThatAnswersUntilItIsClosed() {
        submit(ON_REQUESTS, "ttl: 3d");
        webhooks.request(project, 5, "opened", "a".repeat(40));
        String run = run("a".repeat(40));

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), PATIENCE));
        JsonNode view = environment("pr-5");
        String address = view.path("address").asText();
        assertTrue(Await.until(PATIENCE, () -> body(address).equals(Optional.of("hello from 5"))), address);
        assertEquals(5, view.path("pullRequest").asLong());
        assertTrue(view.has("until"), view.toString());
        JsonNode job = client.get("/api/v1/runs/" + run + "/jobs/show").orElseThrow();
        assertEquals(address, job.path("url").asText(), job.toString());

        webhooks.request(project, 5, "closed", "a".repeat(40));

        assertTrue(
                Await.until(PATIENCE, () -> states("pr-5").equals(List.of("TAKEN_DOWN", "SUCCEEDED"))),
                () -> states("pr-5").toString());
        assertEquals(Optional.empty(), body(address));
        JsonNode end = history("pr-5").get(0);
        assertEquals("pull request 5 was closed", end.path("reason").asText());
        assertEquals("eve", end.path("by").asText());
        assertFalse(environment("pr-5").path("live").asBoolean());
    }

    @Test
    void anEnvironmentEndsWhenItsTimeIsOver() {
        submit(BY_HAND, "ttl: 1s");
        String run = client.start(project, "main", "{\"branch\":\"main\"}");

        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), PATIENCE));
        assertTrue(
                Await.until(PATIENCE, () -> states("pr-0").equals(List.of("TAKEN_DOWN", "SUCCEEDED"))),
                () -> states("pr-0").toString());
        assertEquals(
                "its time to live of 1s is over",
                history("pr-0").get(0).path("reason").asText());
    }

    @Test
    void anEnvironmentIsTakenDownByHand() {
        submit(BY_HAND, "ttl: 3d");
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        assertEquals(Map.of(run, "SUCCEEDED"), invariants.allEnd(List.of(run), PATIENCE));
        String path = "/api/v1/environments/" + project + "/pr-0";

        assertEquals(403, client.as("ben").status("DELETE", path, ""));
        assertEquals(202, client.status("DELETE", path, ""));

        assertTrue(
                Await.until(PATIENCE, () -> states("pr-0").equals(List.of("TAKEN_DOWN", "SUCCEEDED"))),
                () -> states("pr-0").toString());
        assertEquals(204, client.status("DELETE", path, ""));
    }

    private void submit(String on, String ttl) {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                %s
                jobs:
                  %s
                  show:
                    needs: build
                    environment: {name: "pr-${{ event.number }}", %s}
                    deploy: {from: build, start: exec java Serve.java, health: {path: /, timeout: 2m}}
                  smoke:
                    needs: show
                    env: {URL: "${{ needs.show.outputs.url }}"}
                    steps: ['test "$URL" = "$(cat "$FLUJO_NEEDS/show/url")"', 'echo "$URL" | grep ^http://']
                """
                        .formatted(on, Greeter.JOB.strip(), ttl));
    }

    private String run(String commit) {
        List<String> found = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            client.get("/api/v1/runs?project=" + project + "&commit=" + commit).ifPresent(page -> page.path("items")
                    .forEach(run -> found.add(run.path("id").asText())));
            return !found.isEmpty();
        }));
        return found.get(0);
    }

    private JsonNode environment(String name) {
        return client.get("/api/v1/environments/" + project + "/" + name).orElseThrow();
    }

    private List<JsonNode> history(String name) {
        List<JsonNode> entries = new ArrayList<>();
        client.get("/api/v1/environments/" + project + "/" + name + "/history")
                .ifPresent(page -> page.path("items").forEach(entries::add));
        return entries;
    }

    private List<String> states(String name) {
        return history(name).stream().map(entry -> entry.path("state").asText()).toList();
    }

    private static Optional<String> body(String address) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

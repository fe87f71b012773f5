package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The webhooks of every forge, from the socket to the run that they start. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class ForgeWebhooksIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLAN = "name: main\non: push\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";
    private static final String SECRET = PipelineServers.WEBHOOK_SECRET;

    @TestHTTPResource
    URI base;

    private TestClient anonymous;
    private TestClient admin;
    private TestLog log;

    /** How a forge sends a push. */
    private record Forge(String name, String file, String event, String value, String delivery) {

        String body() {
            return Payloads.body(file);
        }

        Map<String, String> headers(String id, String body) {
            Map<String, String> headers = new HashMap<>(Map.of(event, value, delivery, id));
            headers.put("Content-Type", "application/json");
            switch (name) {
                case "gitlab" -> headers.put("X-Gitlab-Token", SECRET);
                case "gitea" -> headers.put("X-Gitea-Signature", Signatures.hex(SECRET, body));
                case "forgejo" -> headers.put("X-Forgejo-Signature", Signatures.hex(SECRET, body));
                default -> headers.put("X-Hub-Signature", "sha256=" + Signatures.hex(SECRET, body));
            }
            return headers;
        }
    }

    private static final List<Forge> FORGES = List.of(
            new Forge("gitlab", "gitlab/push", "X-Gitlab-Event", "Push Hook", "Idempotency-Key"),
            new Forge("gitea", "gitea/push", "X-Gitea-Event", "push", "X-Gitea-Delivery"),
            new Forge("forgejo", "gitea/push", "X-Forgejo-Event", "push", "X-Forgejo-Delivery"),
            new Forge("bitbucket", "bitbucket/push", "X-Event-Key", "repo:push", "X-Request-UUID"),
            new Forge("bitbucket-server", "bitbucket-server/push", "X-Event-Key", "repo:refs_changed", "X-Request-Id"));

    @BeforeEach
    void begin() {
        anonymous = TestClient.anonymous(base).awaitReady();
        admin = anonymous.with(PipelineServers.ADMIN);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aPushStartsOneRunHoweverOftenItIsDelivered() {
        for (Forge forge : FORGES) {
            String project = submit();
            String body = forge.body();
            for (int i = 0; i < 2; i++) {
                Answer answer = deliver(forge, project, body, forge.headers("delivery-1", body));
                assertEquals(202, answer.status(), forge + " " + answer);
                assertTrue(answer.body().contains("accepted"), answer.body());
            }
            assertEquals(
                    202,
                    deliver(forge, project, body, forge.headers("delivery-2", body))
                            .status());

            assertTrue(Await.until(PATIENCE, () -> runs(project).size() == 2), forge + " " + runs(project));
            assertEquals(Payloads.COMMIT, runs(project).get(0).path("commit").asText());
        }
    }

    @Test
    void nobodyElseIsHeard() {
        long before = log.size(Topic.COMMITS.topicName());
        for (Forge forge : FORGES) {
            String body = forge.body();
            Map<String, String> good = forge.headers("delivery-1", body);
            String proof = good.keySet().stream()
                    .filter(name -> name.matches("X-Gitlab-Token|.*Signature"))
                    .findFirst()
                    .orElseThrow();
            List<Map<String, String>> forged = new ArrayList<>();
            for (String value : List.of("", "guessed", "sha256=", "sha1=" + "0".repeat(40), "0".repeat(64))) {
                Map<String, String> headers = new HashMap<>(good);
                headers.put(proof, value);
                forged.add(headers);
            }
            Map<String, String> none = new HashMap<>(good);
            none.remove(proof);
            forged.add(none);
            for (Map<String, String> headers : forged) {
                Answer answer = deliver(forge, "shop", body, headers);
                assertEquals(401, answer.status(), headers + " " + answer);
                assertTrue(answer.isProblem(), answer.toString());
            }
            if (!forge.name().equals("gitlab")) {
                assertEquals(401, deliver(forge, "shop", body + " ", good).status(), forge + ": a byte more");
            }
        }
        assertEquals(before, log.size(Topic.COMMITS.topicName()), "records that forged webhooks left");
    }

    @Test
    void aSignatureOfGitlabIsOfThisDeliveryAndThisMoment() {
        Forge gitlab = FORGES.get(0);
        String project = submit();
        String body = gitlab.body();
        long now = Instant.now().getEpochSecond();

        assertEquals(
                202,
                deliver(gitlab, project, body, signed(body, "delivery-1", now)).status());
        assertEquals(
                202,
                deliver(gitlab, project, body, signed(body, "delivery-1", now)).status());
        assertEquals(
                401,
                deliver(gitlab, project, body, signed(body, "delivery-1", now - 301))
                        .status());
        Map<String, String> other = signed(body, "delivery-1", now);
        other.put("webhook-id", "delivery-2");
        other.put("X-Gitlab-Token", SECRET);
        assertEquals(
                401, deliver(gitlab, project, body, other).status(), "a token does not make up for a wrong signature");
        assertEquals(
                401,
                deliver(gitlab, project, body + " ", signed(body, "delivery-1", now))
                        .status());

        assertTrue(Await.until(PATIENCE, () -> runs(project).size() == 1), () -> runs(project)
                .toString());
    }

    @Test
    void whatIsNotForFlujoSaysSo() {
        record Quiet(int forge, String event, String body, int status, String says) {}
        for (Quiet quiet : List.of(
                new Quiet(0, "Issue Hook", "{}", 202, "ignored"),
                new Quiet(0, "Push Hook", Payloads.body("gitlab/deleted"), 202, "leave no branch"),
                new Quiet(0, "Merge Request Hook", Payloads.body("gitlab/renamed"), 202, "ignored"),
                new Quiet(1, "create", "{}", 202, "ignored"),
                new Quiet(2, "pull_request", Payloads.body("gitea/edited"), 202, "edited"),
                new Quiet(3, "repo:fork", "{}", 202, "ignored"),
                new Quiet(3, "repo:push", Payloads.body("bitbucket/deleted"), 202, "leave no branch"),
                new Quiet(4, "diagnostics:ping", "{\"test\":true}", 200, "pong"))) {
            Forge forge = FORGES.get(quiet.forge());
            Map<String, String> headers = forge.headers("delivery-1", quiet.body());
            headers.put(forge.event(), quiet.event());
            Answer answer = deliver(forge, "shop", quiet.body(), headers);

            assertEquals(quiet.status(), answer.status(), quiet + " " + answer);
            assertTrue(answer.body().contains(quiet.says()), answer.body());
        }
    }

    @Test
    void nonsenseOfAKnownSenderIsRefusedAllTheSame() {
        for (Forge forge : FORGES) {
            for (String body : List.of("", "null", "[]", "{\"ref\":", "[".repeat(100_000))) {
                Answer answer = deliver(forge, "shop", body, forge.headers("delivery-1", body));
                boolean silent = forge.name().startsWith("bitbucket") && !body.endsWith(":") && body.length() < 10;
                assertEquals(silent ? 202 : 400, answer.status(), forge + " " + body.length() + " " + answer);
                assertTrue(silent || answer.isProblem(), answer.toString());
            }
            String hostile = forge.body().replace(Payloads.COMMIT, "-x");
            Answer answer = deliver(forge, "shop", hostile, forge.headers("delivery-1", hostile));
            assertEquals(422, answer.status(), forge + " " + answer);
            Map<String, String> unnamed = forge.headers("delivery-1", forge.body());
            unnamed.remove(forge.delivery());
            assertEquals(400, deliver(forge, "shop", forge.body(), unnamed).status(), forge.toString());
        }
        Answer nowhere = anonymous.send("POST", "/api/v1/webhooks/cvs/shop", Map.of(), BodyPublishers.ofString("{}"));
        assertTrue(nowhere.status() == 404 && nowhere.isProblem(), nowhere.toString());
    }

    private static Map<String, String> signed(String body, String id, long seconds) {
        Map<String, String> headers = new HashMap<>(Map.of("X-Gitlab-Event", "Push Hook", "webhook-id", id));
        headers.put("Content-Type", "application/json");
        headers.put("webhook-timestamp", Long.toString(seconds));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        headers.put("webhook-signature", "v1," + Signatures.timed(PipelineServers.SIGNING_KEY, id, seconds, bytes));
        return headers;
    }

    private String submit() {
        String project = "shop-" + UUID.randomUUID();
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
        assertEquals(201, submitted.status(), submitted.body());
        return project;
    }

    private Answer deliver(Forge forge, String project, String body, Map<String, String> headers) {
        String path = "/api/v1/webhooks/" + forge.name() + "/" + project;
        return anonymous.send("POST", path, headers, BodyPublishers.ofString(body));
    }

    private List<JsonNode> runs(String project) {
        List<JsonNode> runs = new ArrayList<>();
        admin.get("/api/v1/runs?project=" + project).json().path("items").forEach(runs::add);
        return runs;
    }
}

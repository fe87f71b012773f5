package dev.flujo.pipeline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
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
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Webhooks as a forge sends them, from the socket to the run that they start. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class WebhookIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String COMMIT = "0123456789012345678901234567890123456789";
    private static final String PLAN = "name: main\non: push\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";
    private static final String PUSH = "{\"ref\":\"refs/heads/main\",\"after\":\"" + COMMIT
            + "\",\"head_commit\":{\"message\":\"Sell umbrellas\",\"timestamp\":\"2026-11-23T15:26:05+01:00\","
            + "\"author\":{\"name\":\"Ada\"}},\"pusher\":{\"name\":\"ada\"}}";

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
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aSignedPushStartsARunOfItsCommit() {
        submit();

        Answer accepted = deliver(PUSH, Map.of());

        assertEquals(202, accepted.status(), accepted.body());
        JsonNode run = onlyRun();
        assertEquals(COMMIT, run.path("commit").asText());
        assertEquals("main", run.path("branch").asText());
        assertEquals("Ada", run.path("author").asText());
        assertEquals("Sell umbrellas", run.path("message").asText());
        assertEquals("ada", run.at("/cause/by").asText());
        assertEquals(
                run,
                admin.get(accepted.json().path("runs").asText()).json().at("/items/0"),
                "the answer says where to look");
    }

    @Test
    void theSameDeliveryAgainIsTheSameRun() {
        submit();
        Map<String, String> delivery = Map.of("X-GitHub-Delivery", "delivery-1");

        assertEquals(202, deliver(PUSH, delivery).status());
        assertEquals(202, deliver(PUSH, delivery).status());
        assertEquals(
                202, deliver(PUSH, Map.of("X-GitHub-Delivery", "delivery-2")).status());

        assertTrue(Await.until(PATIENCE, () -> runs().size() == 2), () -> runs().toString());
        assertEquals(
                3,
                log.events(Topic.COMMITS).stream()
                        .filter(event -> event.event() instanceof CommitPushed push
                                && push.project().equals(project))
                        .count());
    }

    @Test
    void theSameEventOfAnyProducerIsTheSameRunAndAnotherEventStartsAnother() {
        submit();
        deliver(PUSH, Map.of("X-GitHub-Delivery", "delivery-1"));
        String first = onlyRun().path("id").asText();
        Envelope delivered = log.events(Topic.COMMITS).stream()
                .filter(event -> event.event() instanceof CommitPushed push
                        && push.project().equals(project))
                .findFirst()
                .orElseThrow();
        CommitPushed push = (CommitPushed) delivered.event();

        log.write(Topic.COMMITS, project, delivered);
        log.write(
                Topic.COMMITS,
                project,
                Envelope.of("robot-1", URI.create("/robot"), Instant.now(), UUID.randomUUID(), push));

        assertTrue(Await.until(PATIENCE, () -> runs().size() == 2), () -> runs().toString());
        assertEquals(
                List.of(DerivedId.run(project, "main", "robot-1").toString(), first).stream()
                        .sorted()
                        .toList(),
                runs().stream().map(run -> run.path("id").asText()).sorted().toList());
    }

    @Test
    void onlyTheRawBytesThatWereSignedAreHeard() {
        long before = log.size(Topic.COMMITS.topicName());
        String signature = sign(PUSH, PipelineServers.WEBHOOK_SECRET);
        record Forged(String name, String body, String header, String value) {}
        for (Forged forged : List.of(
                new Forged("no signature", PUSH, "X-Other", "x"),
                new Forged("an empty one", PUSH, "X-Hub-Signature-256", ""),
                new Forged("only the name of the algorithm", PUSH, "X-Hub-Signature-256", "sha256="),
                new Forged("the old algorithm", PUSH, "X-Hub-Signature", "sha1=" + "0".repeat(40)),
                new Forged(
                        "another algorithm's name", PUSH, "X-Hub-Signature-256", signature.replace("sha256", "sha1")),
                new Forged("another secret", PUSH, "X-Hub-Signature-256", sign(PUSH, "guessed")),
                new Forged("an empty secret", PUSH, "X-Hub-Signature-256", sign(PUSH, " ")),
                new Forged("one byte more", PUSH + " ", "X-Hub-Signature-256", signature),
                new Forged("one byte changed", PUSH.replace("main", "mein"), "X-Hub-Signature-256", signature),
                new Forged("written anew", PUSH.replace(":", ": "), "X-Hub-Signature-256", signature),
                new Forged("no JSON at all", "{", "X-Hub-Signature-256", signature))) {
            Map<String, String> headers = headers();
            headers.put(forged.header(), forged.value());
            Answer answer = send(forged.body(), headers);

            assertEquals(401, answer.status(), forged.name() + " " + answer);
            assertTrue(answer.isProblem(), answer.toString());
        }
        assertEquals(before, log.size(Topic.COMMITS.topicName()), "records that unsigned webhooks left");
    }

    @Test
    void anOldSecretStaysValidBesideTheNewOne() {
        Map<String, String> headers = headers();
        headers.put("X-Hub-Signature-256", sign(PUSH, "an older one"));

        assertEquals(202, send(PUSH, headers).status());
    }

    @Test
    void whatStartsNothingSaysSo() {
        record Quiet(String event, String body, int status, String says) {}
        for (Quiet quiet : List.of(
                new Quiet("ping", "{\"zen\":\"Keep it\"}", 200, "pong"),
                new Quiet("issues", "{}", 202, "ignored"),
                new Quiet("push", PUSH.replace(COMMIT, "0".repeat(40)), 202, "ignored"),
                new Quiet("push", PUSH.replace("\"pusher\"", "\"deleted\":true,\"pusher\""), 202, "ignored"),
                new Quiet("push", PUSH.replace("heads/main", "notes/v1"), 202, "ignored"))) {
            Answer answer = deliver(quiet.body(), Map.of("X-GitHub-Event", quiet.event()));

            assertEquals(quiet.status(), answer.status(), quiet + " " + answer);
            assertTrue(answer.body().contains(quiet.says()), answer.body());
        }
        submit();
        assertEquals(List.of(), runs());
    }

    @Test
    void signedNonsenseIsRefusedAllTheSame() {
        record Bad(String body, Map<String, String> headers, int status) {}
        Map<String, String> none = Map.of();
        for (Bad bad : List.of(
                new Bad("", none, 400),
                new Bad("null", none, 400),
                new Bad("[]", none, 400),
                new Bad("{\"ref\":", none, 400),
                new Bad("[".repeat(100_000), none, 400),
                new Bad("{}", none, 400),
                new Bad("{\"ref\":5,\"after\":\"" + COMMIT + "\"}", none, 400),
                new Bad(PUSH.replace(COMMIT, "-x"), none, 422),
                new Bad(PUSH.replace("heads/main", "heads/--upload-pack=touch /tmp/c"), none, 422),
                new Bad(PUSH.replace("heads/main", "heads/a..b"), none, 422),
                new Bad(PUSH.replace("heads/main", "heads/a\\u001b[31mb"), none, 422),
                new Bad(PUSH.replace("heads/main", "heads/a\\ud800"), none, 422),
                new Bad(PUSH.replace("heads/main", "heads/"), none, 422),
                new Bad(PUSH, Map.of("X-GitHub-Delivery", " "), 400))) {
            Answer answer = deliver(bad.body(), bad.headers());

            assertEquals(bad.status(), answer.status(), bad + " " + answer);
            assertTrue(answer.isProblem(), answer.toString());
        }
        Answer misnamed = send("/api/v1/webhooks/github/a%20b", PUSH, signed(PUSH));
        assertTrue(misnamed.status() == 422 && misnamed.isProblem(), misnamed.toString());
    }

    @Test
    void aLargePushIsTakenAndALargerOneIsNot() {
        submit();
        String commits = "{\"id\":\"" + COMMIT + "\",\"message\":\"" + "x".repeat(10_000) + "\"},";
        String large = PUSH.substring(0, PUSH.length() - 1) + ",\"commits\":[" + commits.repeat(2_048) + "{}]}";

        assertEquals(202, deliver(large, Map.of()).status(), large.length() + " bytes");
        assertEquals(COMMIT, onlyRun().path("commit").asText());

        String tooLarge = "x".repeat(25 * 1024 * 1024);
        Answer refused = deliver(tooLarge, Map.of());
        assertEquals(413, refused.status(), refused.toString());
    }

    private void submit() {
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
        assertEquals(201, submitted.status(), submitted.body());
    }

    private Answer deliver(String body, Map<String, String> changed) {
        Map<String, String> headers = signed(body);
        headers.putAll(changed);
        return send(body, headers);
    }

    private Map<String, String> signed(String body) {
        Map<String, String> headers = headers();
        headers.put("X-Hub-Signature-256", sign(body, PipelineServers.WEBHOOK_SECRET));
        return headers;
    }

    private static Map<String, String> headers() {
        return new HashMap<>(Map.of(
                "Content-Type", "application/json",
                "X-GitHub-Event", "push",
                "X-GitHub-Delivery", UUID.randomUUID().toString()));
    }

    private Answer send(String body, Map<String, String> headers) {
        return send("/api/v1/webhooks/github/" + project, body, headers);
    }

    private Answer send(String path, String body, Map<String, String> headers) {
        return anonymous.send("POST", path, headers, BodyPublishers.ofString(body));
    }

    private JsonNode onlyRun() {
        assertTrue(Await.until(
                PATIENCE,
                () -> runs().size() == 1 && runs().get(0).path("state").asText().equals("QUEUED")));
        return runs().get(0);
    }

    private List<JsonNode> runs() {
        List<JsonNode> runs = new ArrayList<>();
        admin.get("/api/v1/runs?project=" + project).json().path("items").forEach(runs::add);
        return runs;
    }

    private static String sign(String body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

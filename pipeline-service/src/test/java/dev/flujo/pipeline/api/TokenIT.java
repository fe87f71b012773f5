package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.quarkus.runtime.api.session.QuarkusCqlSession;
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
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens over REST and at rest. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class TokenIT {

    private static final String TOKENS = "/api/v1/tokens";

    @TestHTTPResource
    URI base;

    @Inject
    QuarkusCqlSession session;

    private TestClient admin;

    @BeforeEach
    void begin() {
        admin = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
    }

    @Test
    void aTokenIsShownOnceAndOnlyItsHashIsKept() {
        Answer made = make("ci", "\"read\"", "");
        String token = made.json().path("token").asText();
        String secret = token.substring(token.lastIndexOf('_') + 1);

        assertEquals(201, made.status(), made.body());
        assertTrue(token.matches("flujo_[0-9a-f]{16}_[0-9a-f]{64}"), token);
        assertEquals(200, admin.with(token).get("/api/v1/runs").status());
        assertFalse(admin.get(TOKENS + "?limit=200").body().contains(secret));
        assertFalse(everythingStored(session).contains(secret), "the secret is stored nowhere");
        assertFalse(everythingOnTheLog().contains(secret), "nor is it on the log");
    }

    @Test
    void listsTokensWithoutSecretsPageByPage() {
        List<String> made = List.of(id(make("a", "\"read\"", "")), id(make("b", "\"read\",\"write\"", "")));

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = admin.get(TOKENS + "?limit=1" + cursor).json();
            page.path("items").forEach(token -> listed.add(token.path("id").asText()));
            cursor = page.hasNonNull("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());

        assertTrue(listed.containsAll(made), listed.toString());
        assertEquals(listed.stream().distinct().sorted().toList(), listed);
    }

    @Test
    void aRevokedTokenIsRefused() {
        Answer made = make("gone", "\"read\"", "");
        TestClient caller = admin.with(made.json().path("token").asText());
        assertEquals(200, caller.get("/api/v1/runs").status());

        assertEquals(
                204,
                admin.send("DELETE", TOKENS + "/" + id(made), Map.of(), BodyPublishers.noBody())
                        .status());

        assertEquals(401, caller.get("/api/v1/runs").status());
    }

    @Test
    void anExpiredTokenIsRefused() {
        Instant soon = Instant.now().plusMillis(1500);
        TestClient caller = admin.with(make("soon", "\"read\"", ",\"expiresAt\":\"" + soon + "\"")
                .json()
                .path("token")
                .asText());
        assertEquals(200, caller.get("/api/v1/runs").status());

        assertTrue(Await.until(
                Duration.ofSeconds(10), () -> caller.get("/api/v1/runs").status() == 401));
        assertTrue(Instant.now().isAfter(soon));
    }

    @Test
    void nearlyRightTokensAreRefused() {
        String token = make("near", "\"admin\"", "").json().path("token").asText();
        String flipped = token.substring(0, token.length() - 1) + (token.endsWith("0") ? "1" : "0");
        for (String wrong : List.of(
                flipped, token + "0", token.toUpperCase(Locale.ROOT), token.substring(6), "", "x".repeat(5000))) {
            Answer answer = admin.with(wrong).get("/api/v1/runs");
            assertTrue(answer.status() == 401 && answer.isProblem(), wrong + " " + answer);
            assertEquals("Bearer", answer.header("WWW-Authenticate").orElse("none"));
        }
        assertEquals(
                401,
                TestClient.anonymous(base)
                        .get("/api/v1/runs?access_token=" + token)
                        .status(),
                "a token in the query is none");
    }

    @Test
    void refusesTokensThatNobodyShouldHave() {
        for (String body : List.of(
                "{\"name\":\"x\",\"scopes\":[]}",
                "{\"name\":\"x\",\"scopes\":[\"root\"]}",
                "{\"name\":\"x\"}",
                "{\"name\":\"..\",\"scopes\":[\"read\"]}",
                "{\"name\":\"\",\"scopes\":[\"read\"]}",
                "{\"scopes\":[\"read\"]}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"expiresAt\":\"tomorrow\"}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"expiresAt\":\"2001-01-01T00:00:00Z\"}",
                "{\"name\":\"x\",\"scopes\":[\"read\"],\"admin\":true}")) {
            Answer answer = admin.post(TOKENS, body);
            assertTrue(List.of(400, 422).contains(answer.status()) && answer.isProblem(), body + " " + answer);
        }
    }

    @Test
    void whoDidWhatIsOnTheRecord() {
        String id = id(make("audited", "\"read\"", ""));
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            ActionRecorded action = log.events(Topic.AUDIT).stream()
                    .filter(event -> event.event() instanceof ActionRecorded recorded
                            && recorded.target().equals(id))
                    .map(event -> (ActionRecorded) event.event())
                    .findFirst()
                    .orElseThrow();

            assertEquals("token.make", action.action());
            assertEquals("bootstrap", action.by());
            assertTrue(action.address().isPresent());
        }
    }

    private Answer make(String name, String scopes, String more) {
        return admin.post(TOKENS, "{\"name\":\"" + name + "\",\"scopes\":[" + scopes + "]" + more + "}");
    }

    private static String id(Answer made) {
        return made.json().at("/about/id").asText();
    }

    private static String everythingStored(CqlSession session) {
        StringBuilder all = new StringBuilder();
        session.getMetadata()
                .getKeyspace("flujo_pipeline")
                .orElseThrow()
                .getTables()
                .keySet()
                .forEach(table -> {
                    for (Row row : session.execute("SELECT * FROM flujo_pipeline." + table.asCql(true))) {
                        all.append(row.getFormattedContents()).append('\n');
                    }
                });
        return all.toString();
    }

    private static String everythingOnTheLog() {
        StringBuilder all = new StringBuilder();
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            for (Topic topic : Topic.values()) {
                log.events(topic).forEach(event -> all.append(event).append('\n'));
            }
        }
        return all.toString();
    }
}

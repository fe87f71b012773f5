package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.Reading;
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
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and secrets over REST, with the whole service behind them. */
@QuarkusTest
@QuarkusTestResource(DeployServers.class)
class ConfigApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRET = "/secrets/DB_PASSWORD";

    @TestHTTPResource
    URI base;

    @TempDir
    Path directory;

    @Inject
    DeployService service;

    private final String project = "shop-" + UUID.randomUUID();
    private final String environment = "/api/v1/environments/" + project + "/production";
    private TestLog log;
    private TestClient client;

    @BeforeEach
    void begin() {
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        client = TestClient.anonymous(base).with(DeployServers.TOKEN);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aRunningApplicationIsGivenWhatIsSetAndItIsKnownWhichDeploymentSawWhichVersion() {
        assertEquals(200, put(SECRET, "{\"value\": \"correct horse\"}").status());
        Work work = new Works(project, directory).with(Reading.REREAD, "c1", 1, PATIENCE);
        String deployment = DerivedId.deployment(
                        work.attempt().run(), work.attempt().job(), "production")
                .toString();
        log.write(
                Topic.ASSIGNMENTS,
                service.id(),
                Envelope.of(
                        UUID.randomUUID().toString(),
                        URI.create("/test"),
                        Instant.now(),
                        UUID.randomUUID(),
                        new WorkAssigned(service.id(), work, Instant.now(), 30)));
        assertTrue(Await.until(PATIENCE, () -> client.get(environment).status() == 200));
        String address = client.get(environment).json().path("address").asText();
        assertEquals("correct horse", TargetContract.answer(address + "/config/DB_PASSWORD"));

        Answer second = put(SECRET, "{\"value\": \"battery staple\", \"overlap\": \"2h\"}");

        assertEquals(2, second.json().path("version").asInt(), second.body());
        assertTrue(second.json().hasNonNull("formerUntil"), second.body());
        assertTrue(Await.until(
                PATIENCE, () -> "battery staple".equals(TargetContract.answer(address + "/config/DB_PASSWORD"))));
        assertEquals("correct horse", TargetContract.answer(address + "/config/DB_PASSWORD.former"));
        assertEquals(
                200,
                client.post(environment + SECRET + "/confirmed", "{\"version\": 2}")
                        .status());
        assertTrue(Await.until(
                PATIENCE, () -> "none".equals(TargetContract.answer(address + "/config/DB_PASSWORD.former"))));
        assertTrue(client.get(environment + "/config").json().path("given").asBoolean());

        assertTrue(Await.until(PATIENCE, () -> {
            JsonNode versions = client.get(environment + SECRET).json().path("versions");
            return versions.at("/0/seenBy/0/deployment").asText().equals(deployment)
                    && versions.at("/1/seenBy/0/run")
                            .asText()
                            .equals(work.attempt().run().toString());
        }));
        assertTrue(Await.until(PATIENCE, () -> client.get(environment + "/history")
                .json()
                .at("/items/0/config/DB_PASSWORD")
                .toString()
                .equals("[1,2]")));
        nobodySaysTheSecret();
    }

    @Test
    void settingsAreShownAndListedApartFromSecrets() {
        put("/settings/GREETING", "{\"value\": \"hello\"}");
        put("/settings/GREETING", "{\"value\": \"good day\"}");
        put(SECRET, "{\"value\": \"correct horse\"}");

        JsonNode settings = client.get(environment + "/settings").json().path("items");
        JsonNode one = client.get(environment + "/settings/GREETING").json();

        assertEquals(1, settings.size());
        assertEquals("good day", settings.at("/0/versions/0/value").asText());
        assertEquals(List.of("good day", "hello"), one.path("versions").findValuesAsText("value"));
        assertEquals("flujo", one.at("/versions/0/by").asText());
        assertEquals(
                1, client.get(environment + "/secrets").json().path("items").size());

        assertEquals(204, delete("/settings/GREETING").status());
        assertEquals(404, delete("/settings/GREETING").status());
        assertTrue(client.get(environment + "/settings/GREETING")
                .json()
                .at("/versions/0/gone")
                .asBoolean());
    }

    @Test
    void refusesWhatCannotBeMeant() {
        put("/settings/GREETING", "{\"value\": \"hello\"}");
        for (String body : List.of(
                "{}",
                "{\"value\": \"short\"}",
                "{\"value\": \"correct horse\", \"overlap\": \"soon\"}",
                "{\"value\": \"correct horse\", \"overlap\": \"100d\"}",
                "{\"value\": \"correct horse\\u0000\"}",
                "{\"value\": \"" + "x".repeat(65 * 1024) + "\"}")) {
            Answer answer = put(SECRET, body);
            assertEquals(422, answer.status(), answer.body());
            assertFalse(answer.body().contains("horse"), answer.body());
        }
        assertEquals(
                422, put("/secrets/GREETING", "{\"value\": \"correct horse\"}").status());
        assertEquals(404, put("/secrets/a.b", "{\"value\": \"correct horse\"}").status());
        assertEquals(404, client.get(environment + "/settings/NONE").status());
        assertEquals(
                409,
                client.post(environment + "/settings/GREETING/confirmed", "{\"version\": 7}")
                        .status());
        assertEquals(
                422,
                client.post(environment + "/settings/GREETING/confirmed", "{}").status());
        assertEquals(
                401, TestClient.anonymous(base).get(environment + "/secrets").status());
    }

    private void nobodySaysTheSecret() {
        for (String path : List.of("", "/history", "/config", "/secrets", SECRET)) {
            String body = client.get(environment + path).body();
            assertFalse(body.contains("correct horse") || body.contains("battery staple"), path);
        }
        List<Envelope> events = log.events(Topic.DEPLOYS);
        assertTrue(events.stream()
                .anyMatch(envelope -> envelope.event() instanceof ConfigGiven given
                        && given.project().equals(project)));
        assertFalse(events.toString().contains("battery staple"));
    }

    private Answer put(String path, String body) {
        return client.send(
                "PUT", environment + path, Map.of("Content-Type", "application/json"), BodyPublishers.ofString(body));
    }

    private Answer delete(String path) {
        return client.send("DELETE", environment + path, Map.of(), BodyPublishers.noBody());
    }
}

package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.deploy.History.Entry;
import dev.flujo.event.CdEvent;
import dev.flujo.event.Topic;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Incidents over REST, from the report to the history of the environment. */
@QuarkusTest
@QuarkusTestResource(DeployServers.class)
class IncidentApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TestHTTPResource
    URI base;

    @Inject
    History history;

    private final String project = "shop-" + UUID.randomUUID();
    private final String environment = "/api/v1/environments/" + project + "/production";
    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(DeployServers.TOKEN);
        served(FIRST, NOON, "SUCCEEDED");
        served(SECOND, NOON.plusSeconds(60), "SUCCEEDED");
        served(UUID.randomUUID(), NOON.plusSeconds(90), "FAILED");
    }

    @Test
    void anIncidentIsTiedToTheDeploymentThatItFollowedUntilItIsResolved() {
        Answer early = report("INC-1", "detected", NOON.plusSeconds(30), "");
        Answer late = report("INC-2", "detected", NOON.plusSeconds(120), "");
        Answer named = report("INC-3", "detected", NOON.plusSeconds(120), ", \"deployment\": \"" + FIRST + "\"");

        assertEquals(202, early.status(), early.body());
        assertEquals(FIRST.toString(), early.json().path("deployment").asText());
        assertEquals(SECOND.toString(), late.json().path("deployment").asText());
        assertEquals(FIRST.toString(), named.json().path("deployment").asText());
        assertEquals(202, report("INC-2", "resolved", NOON.plusSeconds(300), "").status());

        assertTrue(Await.until(PATIENCE, () -> incident("INC-2").hasNonNull("resolvedAt")));
        assertEquals("carts are empty", incident("INC-2").path("description").asText());
        JsonNode entries = client.get(environment + "/history").json().path("items");
        assertEquals(3, entries.size());
        assertFalse(entries.get(0).has("incidents"), "nobody was reached by what failed");
        assertEquals("INC-2", entries.at("/1/incidents/0/incident").asText());
        assertEquals(List.of("INC-1", "INC-3"), entries.at("/2/incidents").findValuesAsText("incident"));
    }

    @Test
    void aCdEventIsTakenAsItIs() {
        Answer answer = client.post(
                "/api/v1/incidents", cdEvent("dev.cdevents.incident.detected.0.3.0", project + "/production"));

        assertEquals(202, answer.status(), answer.body());
        assertEquals(SECOND.toString(), answer.json().path("deployment").asText());
        assertTrue(Await.until(PATIENCE, () -> incident("INC-9").hasNonNull("detectedAt")));
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            assertTrue(log.events(Topic.DEPLOYS).stream()
                    .anyMatch(envelope -> envelope.id().equals("event-of-" + project)
                            && envelope.event() instanceof CdEvent event
                            && event.subject().equals("INC-9")));
        }
    }

    @Test
    void refusesWhatIsNoIncident() {
        for (String body : List.of(
                "{}",
                "{\"project\": \"" + project + "\", \"environment\": \"production\", \"incident\": \"I\"}",
                "{\"project\": \"../x\", \"environment\": \"production\", \"incident\": \"I\", \"state\": \"detected\"}",
                cdEvent("dev.cdevents.incident.detected.0.3.0", "production"),
                cdEvent("dev.cdevents.ticket.closed.0.3.0", project + "/production"),
                "{\"context\": {}}")) {
            Answer answer = client.post("/api/v1/incidents", body);
            assertEquals(422, answer.status(), body + answer.body());
            assertTrue(answer.isProblem(), answer.body());
        }
        assertEquals(422, report("", "detected", NOON, "").status());
        assertEquals(
                422,
                report("INC-1", "detected", Instant.now().plusSeconds(3600), "").status());
        assertEquals(400, client.get(environment + "/incidents?limit=0").status());
    }

    private void served(UUID deployment, Instant at, String state) {
        history.put(new Entry(
                project,
                "production",
                deployment,
                at,
                state,
                UUID.randomUUID(),
                Optional.empty(),
                "main",
                "ana",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    private Answer report(String id, String state, Instant at, String more) {
        return client.post(
                "/api/v1/incidents",
                "{\"project\": \"" + project + "\", \"environment\": \"production\", \"incident\": \"" + id
                        + "\", \"state\": \"" + state + "\", \"description\": \"carts are empty\", \"at\": \"" + at
                        + "\"" + more + "}");
    }

    private String cdEvent(String type, String environment) {
        return "{\"context\": {\"specversion\": \"0.5.1\", \"id\": \"event-of-" + project
                + "\", \"source\": \"/pager\", \"type\": \"" + type
                + "\", \"timestamp\": \"2026-03-01T12:10:00Z\"}, \"subject\": {\"id\": \"INC-9\", \"content\":"
                + " {\"uri\": \"/x\", \"resolution\": \"done\", \"environment\": {\"id\": \"" + environment + "\"}}}}";
    }

    private JsonNode incident(String id) {
        for (JsonNode incident : client.get(environment + "/incidents").json().path("items")) {
            if (incident.path("incident").asText().equals(id)) {
                return incident;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}

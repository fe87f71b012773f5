package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong in production, from the one who tells of it to DORA's keys. */
class IncidentsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ENVIRONMENT = "production";

    private final String project = "p" + UUID.randomUUID().toString().substring(0, 8);
    private Client client;

    @BeforeEach
    void up() {
        SharedStack shared = SharedStack.get();
        client = new Client(shared.stack().url(), shared.stack().adminToken());
    }

    @Test
    void anIncidentIsLaidAtTheDoorOfTheDeploymentThatItFollowed() {
        String deployment = deploy();
        await("changeFailRate", "0.0");

        report("detected");

        await("changeFailRate", "1.0");
        assertEquals(
                List.of(deployment),
                List.of(key("changeFailRate").at("/receipts/deployments/0").asText()));
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> history().at("/incidents/0/incident").asText().equals("INC-7")),
                () -> history().toString());
        assertTrue(key("failedDeploymentRecoveryTime").path("value").isNull(), "it has not recovered");

        report("resolved");

        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> key("failedDeploymentRecoveryTime").path("value").asDouble() > 0),
                () -> key("failedDeploymentRecoveryTime").toString());
        assertTrue(Await.until(PATIENCE, () -> history().at("/incidents/0").has("resolvedAt")), () -> history()
                .toString());
    }

    /** Brings an application to production, and gives the id of its deployment. */
    private String deploy() {
        client.submit(
                project,
                "main",
                "",
                """
                name: main
                on: manual
                jobs:
                  %s
                  ship:
                    needs: build
                    environment: production
                    deploy: {from: build, start: %s, health: {path: /, timeout: 2m}}
                """
                        .formatted(Greeter.JOB.strip(), Greeter.START));
        String run = client.start(project, "main", "{\"branch\":\"main\"}");
        assertEquals(Map.of(run, "SUCCEEDED"), new Invariants(client).allEnd(List.of(run), PATIENCE));
        return history().path("deployment").asText();
    }

    private void report(String state) {
        int status = client.status(
                "POST",
                "/api/v1/incidents",
                """
                {"project": "%s", "environment": "production", "incident": "INC-7", "state": "%s", "description": "carts are empty"}
                """
                        .formatted(project, state));
        assertEquals(202, status);
    }

    private void await(String key, String value) {
        assertTrue(
                Await.until(PATIENCE, () -> key(key).path("value").asText().equals(value)),
                () -> "Expected " + value + " as " + key + ", but found " + key(key));
    }

    private JsonNode key(String name) {
        return client.get("/api/v1/metrics/dora?project=" + project)
                .map(dora -> dora.at("/environments/0/keys/" + name))
                .orElseThrow(() -> new AssertionError("Expected an answer with DORA's keys"));
    }

    private JsonNode history() {
        return client.get("/api/v1/environments/" + project + "/" + ENVIRONMENT + "/history")
                .map(page -> page.at("/items/0"))
                .orElseThrow(() -> new AssertionError("Expected a history of the environment"));
    }
}

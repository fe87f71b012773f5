package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools over REST: what they have, and how much of it a project may have. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class PoolIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    @TestHTTPResource
    URI base;

    @Inject
    EventPublisher publisher;

    private final String pool = "pool-" + UUID.randomUUID();
    private TestClient admin;

    @BeforeEach
    void begin() {
        admin = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
    }

    @Test
    void showsWhatRunnersSayAndWhatAdministratorsLimit() {
        alive("r1", List.of("linux", "x64"));
        alive("r2", List.of("arm64", "linux"));
        JsonNode seen = await(view -> view.path("runners").asInt() == 2);

        assertEquals(8, seen.path("slots").asInt());
        assertEquals(
                "[[\"linux\",\"x64\"],[\"arm64\",\"linux\"]]",
                seen.path("labels").toString());
        assertEquals(0, seen.path("waiting").asInt());
        assertTrue(admin.get("/api/v1/pools").body().contains(pool));

        Answer answer = limit("{\"perProject\":4,\"projects\":{\"shop\":6}}");

        assertEquals(202, answer.status(), answer.body());
        JsonNode limits =
                await(view -> view.path("limits").hasNonNull("perProject")).path("limits");
        assertEquals("{\"perProject\":4,\"projects\":{\"shop\":6}}", limits.toString());
        assertEquals(202, limit("{}").status());
        await(view -> !view.path("limits").hasNonNull("perProject"));
    }

    @Test
    void refusesLimitsThatLetNobodyIn() {
        for (String body : List.of(
                "{\"perProject\":0}",
                "{\"perProject\":-1}",
                "{\"projects\":{\"shop\":0}}",
                "{\"projects\":{\"../x\":1}}")) {
            Answer answer = limit(body);
            assertTrue((answer.status() == 422 || answer.status() == 400) && answer.isProblem(), body + " " + answer);
        }
        assertEquals(404, admin.get("/api/v1/pools/" + pool).status());
    }

    private Answer limit(String body) {
        return admin.send("PUT", "/api/v1/pools/" + pool + "/limits", JSON, BodyPublishers.ofString(body));
    }

    private JsonNode await(Predicate<JsonNode> condition) {
        assertTrue(Await.until(PATIENCE, () -> {
            Answer answer = admin.get("/api/v1/pools/" + pool);
            return answer.status() == 200 && condition.test(answer.json());
        }));
        return admin.get("/api/v1/pools/" + pool).json();
    }

    private void alive(String runner, List<String> labels) {
        RunnerAlive alive = new RunnerAlive(pool, runner, 4, labels, List.of(), false);
        publisher.publishAndAwait(
                Topic.RUNNERS,
                Envelope.of(
                        UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), alive));
    }
}

package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunEvent.RunQueued;
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
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs over REST, with the real orchestrator behind it; no runner takes them, so they wait until they are cancelled. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class RunIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLAN = "name: main\non: manual\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";
    private static final String MAIN = "{\"branch\":\"main\"}";

    @TestHTTPResource
    URI base;

    @Inject
    KafkaClientService clients;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient client;
    private TestLog log;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        Answer submitted = client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN));
        assertEquals(201, submitted.status(), submitted.body());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aRunThatWasAcceptedCanBeReadAtOnce() {
        for (int i = 0; i < 20; i++) {
            Answer accepted = start(MAIN, UUID.randomUUID().toString());
            assertEquals(202, accepted.status(), accepted.body());

            Answer read = client.get(path(accepted));

            assertEquals(200, read.status(), read.body());
            assertTrue(
                    List.of("ACCEPTED", "QUEUED")
                            .contains(read.json().path("state").asText()),
                    read.body());
        }
        assertTrue(Await.until(PATIENCE, () -> states().equals(Collections.nCopies(20, "QUEUED"))));
    }

    @Test
    void aPipelineThatTheHistoryDoesNotHaveYetCanBeStarted() {
        String later = "/api/v1/projects/" + project + "/pipelines/later";
        KafkaConsumer<Object, Object> behind = clients.getConsumer("pipelines");
        behind.pause().await().atMost(PATIENCE);
        Answer accepted;
        try {
            Answer submitted = client.send(
                    "PUT",
                    later,
                    Map.of("Content-Type", "application/yaml"),
                    BodyPublishers.ofString(PLAN.replace("main", "later")));
            assertEquals(201, submitted.status(), submitted.body());
            assertEquals(404, client.get(later).status(), "the history is behind");

            accepted = client.post(later + "/runs", MAIN);
        } finally {
            behind.resume().await().atMost(PATIENCE);
        }

        assertEquals(202, accepted.status(), accepted.body());
        awaitState(path(accepted), "QUEUED");
        assertEquals(404, client.post(later + "-still/runs", MAIN).status(), "what nobody submitted");
    }

    @Test
    void theSameRequestFiftyTimesAtOnceIsOneRun() throws Exception {
        String key = "order 66 of ana".replace(' ', '-');
        List<Callable<Answer>> same = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            same.add(() -> start(MAIN, key));
        }
        ExecutorService callers = Executors.newFixedThreadPool(50);
        Set<String> runs = new HashSet<>();
        try {
            for (Future<Answer> answer : callers.invokeAll(same)) {
                assertEquals(202, answer.get().status(), answer.get().body());
                runs.add(path(answer.get()));
            }
        } finally {
            callers.shutdown();
        }

        assertEquals(1, runs.size(), () -> runs + " " + ids("?project=" + project + "&limit=200"));
        awaitState(runs.iterator().next(), "QUEUED");
        UUID run = UUID.fromString(runs.iterator().next().replaceAll(".*/", ""));
        List<Envelope> begun = log.events(Topic.RUNS).stream()
                .filter(event -> event.event() instanceof RunQueued queued
                        && queued.run().equals(run))
                .toList();
        assertEquals(1, begun.size(), () -> begun.toString());
        assertEquals(1, states().size());
    }

    @Test
    void aKeyBelongsToOneBodyEvenAfterTheEndOfItsRun() {
        Answer first = start(MAIN, "key-1");
        assertConflict(start("{\"branch\":\"other\"}", "key-1"), "idempotency-key-reused");
        client.post(path(first) + "/cancel", "");
        awaitState(path(first), "CANCELLED");

        Answer again = start(MAIN, "key-1");
        Answer other = start("{\"branch\":\"main\",\"commit\":\"" + "a".repeat(40) + "\"}", "key-1");

        assertEquals(path(first), path(again));
        assertEquals("CANCELLED", again.json().path("state").asText());
        assertConflict(other, "idempotency-key-reused");
        assertEquals(1, states().size());
    }

    @Test
    void requestsWithoutAKeyAreRunsOfTheirOwn() {
        assertTrue(!path(start(MAIN, null)).equals(path(start(MAIN, null))));
    }

    @Test
    void refusesKeysThatAreNone() {
        for (String key : List.of("x".repeat(201), "a b")) {
            Answer answer = start(MAIN, key);
            assertTrue(answer.status() == 400 && answer.isProblem(), key + " " + answer);
        }
    }

    @Test
    void startsNothingOfAPipelineThatIsNotThereOrNotManual() {
        client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/pushed",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PLAN.replace("on: manual", "on: push")));
        String runs = "/api/v1/projects/" + project + "/pipelines/";

        assertConflict(client.post(runs + "pushed/runs", MAIN), "pipeline-not-manual");
        Answer missing = client.post(runs + "missing/runs", MAIN);
        assertTrue(missing.status() == 404 && missing.isProblem(), missing.toString());
    }

    @Test
    void cancelsOnceHoweverOftenAskedAndNothingThatHasEnded() {
        String run = path(start(MAIN, null));
        awaitState(run, "QUEUED");

        Answer first = client.post(run + "/cancel", "");
        Answer second = client.post(run + "/cancel", "");

        assertEquals(202, first.status(), first.body());
        assertTrue(List.of(202, 409).contains(second.status()), second.body());
        awaitState(run, "CANCELLED");
        assertConflict(client.post(run + "/cancel", ""), "run-already-finished");
        assertTrue(Await.until(PATIENCE, () -> events(run).size() == 5), () -> events(run)
                .toString());
        assertEquals(
                1,
                events(run).stream()
                        .filter(type -> type.contains("run.cancelling"))
                        .count());
        assertEquals(
                "cancelled by bootstrap", client.get(run).json().path("reason").asText());
    }

    @Test
    void idsOfNothingAreNotFoundAllInTheSameWords() {
        for (String id : List.of(
                UUID.randomUUID().toString(),
                "x",
                "0",
                UUID.randomUUID().toString().toUpperCase(Locale.ROOT))) {
            for (String below :
                    List.of("", "/events", "/events/stream", "/jobs", "/jobs/a", "/jobs/a/log", "/artifacts")) {
                Answer answer = client.get("/api/v1/runs/" + id + below);
                assertTrue(answer.status() == 404 && answer.isProblem(), id + below + " " + answer);
            }
        }
    }

    @Test
    void aCommandOfAnyProducerStartsARunToo() {
        StartRun start = new StartRun(
                project, UUID.randomUUID(), "main", "main", Optional.empty(), "robot", "request-1", Instant.now());
        log.write(
                Topic.COMMANDS,
                project,
                Envelope.of("robot-1", URI.create("/robot"), Instant.now(), UUID.randomUUID(), start));

        awaitState("/api/v1/runs/" + start.run(), "QUEUED");
        assertEquals(
                "robot",
                client.get("/api/v1/runs/" + start.run()).json().at("/cause/by").asText());
    }

    private Answer start(String body, String key) {
        Map<String, String> headers = key == null
                ? Map.of("Content-Type", "application/json")
                : Map.of("Content-Type", "application/json", "Idempotency-Key", key);
        return client.send(
                "POST", "/api/v1/projects/" + project + "/pipelines/main/runs", headers, BodyPublishers.ofString(body));
    }

    private void awaitState(String run, String state) {
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> client.get(run).json().path("state").asText().equals(state)),
                () -> state + ": " + client.get(run));
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        client.get("/api/v1/runs?limit=200&project=" + project)
                .json()
                .path("items")
                .forEach(run -> states.add(run.path("state").asText()));
        return states;
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.get("/api/v1/runs" + query + cursor).json();
            page.path("items").forEach(run -> ids.add(run.path("id").asText()));
            cursor = page.hasNonNull("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());
        return ids;
    }

    private List<String> events(String run) {
        List<String> types = new ArrayList<>();
        client.get(run + "/events")
                .json()
                .path("items")
                .forEach(event -> types.add(event.at("/event/context/type").asText()));
        return types;
    }

    private static String path(Answer answer) {
        return URI.create(answer.header("Location").orElseThrow(() -> new AssertionError(answer.toString())))
                .getPath();
    }

    private static void assertConflict(Answer answer, String slug) {
        assertEquals(409, answer.status(), answer.body());
        assertTrue(answer.isProblem() && answer.json().path("type").asText().endsWith(slug), answer.body());
    }
}

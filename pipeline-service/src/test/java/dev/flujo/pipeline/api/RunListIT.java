package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lists of runs, and what every list refuses, over runs as the orchestrator's log tells of them. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class RunListIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PLAN = "name: main\non: manual\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";

    @TestHTTPResource
    URI base;

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
    void listsRunsNewestFirstByPipelineBranchStateAndCommit() {
        Instant began = Instant.now();
        List<String> expected = new ArrayList<>();
        List<String> failedOfMain = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            RunStory story = new RunStory(
                    project, i % 3 == 0 ? "nightly" : "main", i % 2 == 0 ? "main" : "fix/x", began.plusMillis(i));
            Outcome outcome = i % 4 == 0 ? Outcome.FAILED : Outcome.SUCCEEDED;
            log.write(Topic.RUNS, project, story.whole(outcome));
            expected.add(0, story.run().toString());
            if (i == 4 || i == 8) {
                failedOfMain.add(0, story.run().toString());
            }
        }
        assertTrue(Await.until(
                PATIENCE, () -> states().stream().filter("FAILED"::equals).count() == 3 && states().size() == 9));

        assertEquals(expected, ids("?project=" + project + "&limit=2"));
        assertEquals(failedOfMain, ids("?project=" + project + "&limit=1&pipeline=main&state=FAILED"));
        assertEquals(4, ids("?project=" + project + "&limit=3&branch=fix/x").size());
        assertEquals(List.of(), ids("?project=" + project + "&commit=" + "a".repeat(40)));
        assertTrue(ids("?limit=200").containsAll(expected), "the runs of all projects");
    }

    @Test
    void refusesFiltersThatNothingCanFit() {
        for (String filter : List.of("state=RUNING", "branch=-x", "commit=abc", "pipeline=..", "project=a%20b")) {
            Answer answer = client.get("/api/v1/runs?" + filter);
            assertTrue(List.of(400, 422).contains(answer.status()) && answer.isProblem(), filter + " " + answer);
        }
    }

    @Test
    void everyListRefusesLimitsAndCursorsThatItDoesNotHave() {
        RunStory story = new RunStory(project);
        log.write(Topic.RUNS, project, story.whole(Outcome.SUCCEEDED));
        awaitState("/api/v1/runs/" + story.run(), "SUCCEEDED");
        log.write(Topic.RUNS, project, new RunStory(project).whole(Outcome.SUCCEEDED));
        assertTrue(Await.until(PATIENCE, () -> states().size() == 2));
        String run = "/api/v1/runs/" + story.run();
        String foreign = client.get("/api/v1/runs?limit=1&project=" + project)
                .json()
                .path("next")
                .asText();
        for (String list : List.of(
                "/api/v1/projects",
                "/api/v1/projects/" + project + "/pipelines",
                "/api/v1/projects/" + project + "/pipelines/main/versions",
                "/api/v1/runs?state=FAILED",
                run + "/events",
                run + "/jobs/build/tests",
                run + "/reports",
                "/api/v1/tokens")) {
            String joint = list.contains("?") ? "&" : "?";
            for (String query : List.of(
                    "limit=-1",
                    "limit=0",
                    "limit=201",
                    "limit=1000000000",
                    "limit=99999999999999999999",
                    "limit=x",
                    "cursor=x",
                    "cursor=%00",
                    "cursor=" + foreign)) {
                Answer answer = client.get(list + joint + query);
                assertTrue(answer.status() == 400 && answer.isProblem(), list + joint + query + " " + answer);
            }
        }
        for (String query : List.of("limit=0", "limit=5001", "from=0", "from=-1", "from=x", "attempt=0", "attempt=x")) {
            Answer answer = client.get(run + "/jobs/build/log?" + query);
            assertTrue(answer.status() == 400 && answer.isProblem(), query + " " + answer);
        }
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
}

package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CommitEvent;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.Envelope;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.event.Topic;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a forge has that it could not deliver, from the question to the run. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
@WithTestResource(FakeForgeServer.class)
class ReconciliationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PROJECT = FakeForgeServer.LOST;
    private static final String BRANCHES = "/repos/acme/lost/branches?limit=50&page=1";
    private static final String REQUESTS = "/repos/acme/lost/pulls?state=open&limit=50&page=1";
    private static final String OLD = "0".repeat(40);
    private static final String LOST = "1".repeat(40);
    private static final String FORK = "2".repeat(40);
    private static final String LAST = "3".repeat(40);

    @TestHTTPResource
    URI base;

    private TestClient admin;
    private TestLog log;

    @BeforeEach
    void begin() {
        FakeForgeServer.forge().page(BRANCHES, branches("main", OLD, "old", OLD));
        admin = TestClient.anonymous(base).awaitReady().with(PipelineServers.ADMIN);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void beginsWhatIsMissingOnceAlsoWhenItIsDeliveredAfterAll() {
        submit("main", "on: [push, pull_request]");
        awaitSeen(OLD);
        assertEquals(List.of(), runs(), "what was there before starts nothing");

        FakeForgeServer.forge().page(BRANCHES, branches("main", LOST, "old", OLD));
        FakeForgeServer.forge()
                .page(
                        REQUESTS,
                        "[{'number':7,'title':'Sell','user':{'login':'eve'},'head':{'ref':'umbrellas','sha':'" + FORK
                                + "','repo_id':2},'base':{'ref':'main','sha':'" + LOST + "','repo_id':1}}]");

        assertTrue(Await.until(PATIENCE, () -> of(LOST).size() == 1), () -> runs().toString());
        assertEquals("Sell", of(LOST).get(0).path("message").asText());
        assertEquals("gitea", of(LOST).get(0).at("/cause/by").asText());
        assertTrue(
                Await.until(
                        PATIENCE,
                        () -> of(FORK).size() == 1
                                && of(FORK).get(0).path("state").asText().equals("HELD")),
                () -> runs().toString());

        deliver(new CommitPushed(
                PROJECT, "main", LOST, Optional.of("Sell"), Optional.empty(), Optional.empty(), "ada", Instant.now()));
        deliver(new PullRequestChanged(
                PROJECT,
                7,
                "opened",
                "Sell",
                "umbrellas",
                "main",
                FORK,
                true,
                false,
                List.of(),
                "eve",
                "eve",
                Instant.now(),
                Optional.empty()));
        deliver(new CommitPushed(
                PROJECT, "last", LAST, Optional.empty(), Optional.empty(), Optional.empty(), "ada", Instant.now()));
        assertTrue(Await.until(PATIENCE, () -> of(LAST).size() == 1), () -> runs().toString());
        assertEquals(3, runs().size(), () -> runs().toString());
    }

    private void awaitSeen(String commit) {
        assertTrue(Await.until(PATIENCE, () -> log.events(Topic.COMMITS).stream()
                .map(Envelope::event)
                .anyMatch(event -> event instanceof RepositorySeen seen
                        && seen.project().equals(PROJECT)
                        && seen.branches().stream()
                                .anyMatch(branch -> branch.commit().equals(commit)))));
    }

    private void deliver(CommitEvent event) {
        Envelope envelope = Envelope.of(
                UUID.randomUUID().toString(), URI.create("/robot"), Instant.now(), UUID.randomUUID(), event);
        log.write(Topic.COMMITS, PROJECT, envelope);
    }

    private void submit(String pipeline, String on) {
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + PROJECT + "/pipelines/" + pipeline,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(
                        "name: " + pipeline + "\n" + on + "\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n"));
        assertEquals(201, submitted.status(), submitted.body());
    }

    private List<JsonNode> of(String commit) {
        return runs().stream()
                .filter(run -> run.path("commit").asText().equals(commit))
                .toList();
    }

    private List<JsonNode> runs() {
        List<JsonNode> runs = new ArrayList<>();
        admin.get("/api/v1/runs?project=" + PROJECT).json().path("items").forEach(runs::add);
        return runs;
    }

    private static String branches(String one, String its, String other, String others) {
        return "[" + branch(one, its) + "," + branch(other, others) + "]";
    }

    private static String branch(String name, String commit) {
        return "{'name':'" + name + "','commit':{'id':'" + commit
                + "','message':'Sell','author':{'name':'Ada'},'timestamp':'2026-11-23T15:26:05+01:00'}}";
    }
}

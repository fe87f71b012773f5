package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DeployEvent.EnvironmentCreated;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.stack.Await;
import dev.flujo.stack.BadRecords;
import dev.flujo.stack.BadRecords.BadRecord;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service between Kafka, Cassandra, REST and the processes that it starts. */
@QuarkusTest
@QuarkusTestResource(DeployServers.class)
class DeployServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final URI SOURCE = URI.create("/test");

    @TestHTTPResource
    URI base;

    @TempDir
    Path directory;

    @Inject
    DeployService service;

    private String project;
    private Works works;
    private TestLog log;
    private TestClient client;

    @BeforeEach
    void begin() {
        project = "shop-" + UUID.randomUUID();
        works = new Works(project, directory);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        client = TestClient.anonymous(base).with(DeployServers.TOKEN);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void tellsTheWholeStoryOfAFirstDeployment() {
        Work work = works.of("c1", "well", PATIENCE);

        assign(work);

        assertEquals(Outcome.SUCCEEDED, finished(work).outcome());
        assertEquals(
                List.of(
                        EnvironmentCreated.class,
                        JobStarted.class,
                        DeploymentStarted.class,
                        ServiceDeployed.class,
                        JobFinished.class),
                reports().stream().map(Object::getClass).toList());
        assertEquals(finished(work).lines(), logLines(work).size());
        assertTrue(
                logLines(work).get(2).startsWith("took over at http://127.0.0.1:"),
                logLines(work).toString());
    }

    @Test
    void showsWhatRunsSinceWhenFromWhichCommitAndWho() {
        Work work = works.of("c1", "well", PATIENCE);
        Instant before = Instant.now().minusMillis(1);
        assign(work);
        finished(work);

        JsonNode shown = environment("commit", "c1");

        assertTrue(shown.path("live").asBoolean(), shown.toString());
        assertEquals("ana", shown.path("by").asText());
        assertEquals("main", shown.path("branch").asText());
        assertEquals(work.attempt().run().toString(), shown.path("run").asText());
        assertTrue(Instant.parse(shown.path("since").asText()).isAfter(before), shown.toString());
        assertTrue(Await.until(
                PATIENCE,
                () -> TargetContract.answer(shown.path("address").asText()).equals("c1")));
        assertEquals(
                shown,
                client.get("/api/v1/environments?project=" + project).json().at("/items/0"));
    }

    @Test
    void aFailedDeploymentNamesItsReasonAndLeavesTheOldVersionServing() {
        Work good = works.of("c1", "well", PATIENCE);
        assign(good);
        finished(good);
        Work bad = works.of("c2", "dead", PATIENCE);

        assign(bad);

        JobFinished end = finished(bad);
        assertEquals(Outcome.FAILED, end.outcome());
        assertTrue(end.reason().orElseThrow().contains("no database"), end.toString());
        DeploymentFailed failed = (DeploymentFailed) reports().stream()
                .filter(DeploymentFailed.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of(deployment("c1")), failed.serving());
        assertEquals("c1", environment("commit", "c1").path("commit").asText());
        JsonNode history = history("?limit=10", 2);
        assertEquals("FAILED", history.at("/items/0/state").asText());
        assertTrue(history.at("/items/0/reason").asText().contains("no database"), history.toString());
        assertEquals("c2", history.at("/items/0/commit").asText());
        assertEquals("ana", history.at("/items/0/by").asText(), "who asked for what failed");
    }

    @Test
    void anAssignmentReadTwiceIsAppliedOnce() {
        Work work = works.of("c1", "well", PATIENCE);
        Envelope assignment = assign(work);
        log.write(Topic.ASSIGNMENTS, service.id(), assignment);
        finished(work);
        log.write(Topic.ASSIGNMENTS, service.id(), assignment);
        Work next = works.of("c2", "well", PATIENCE);
        assign(next);
        finished(next);

        assertEquals(2, starts().size());
        assertEquals(
                1, reports().stream().filter(ServiceDeployed.class::isInstance).count());
        ServiceUpgraded upgraded = (ServiceUpgraded) reports().stream()
                .filter(ServiceUpgraded.class::isInstance)
                .findFirst()
                .orElseThrow();
        ServiceDeployed deployed = (ServiceDeployed) reports().stream()
                .filter(ServiceDeployed.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(deployed.deployment(), upgraded.previous());
    }

    @Test
    void anAssignmentOlderThanItsLeaseIsLeftAlone() {
        Work late = works.of("c1", "well", PATIENCE);
        WorkAssigned old = new WorkAssigned(service.id(), late, Instant.now(), 0);
        log.write(Topic.ASSIGNMENTS, service.id(), envelope(old));
        Work next = works.of("c2", "well", PATIENCE);
        assign(next);
        finished(next);

        assertEquals(1, starts().size());
        assertTrue(reports().stream()
                .noneMatch(report -> report instanceof JobStarted started
                        && started.attempt().equals(late.attempt())));
    }

    @Test
    void anAssignmentIsNoOlderForAClockOfTheOrchestratorThatIsBehind() {
        Work work = works.of("c1", "well", PATIENCE);
        Instant anHourAgo = Instant.now().minusSeconds(3600);
        log.write(Topic.ASSIGNMENTS, service.id(), envelope(new WorkAssigned(service.id(), work, anHourAgo, 30)));

        assertEquals(Outcome.SUCCEEDED, finished(work).outcome());
    }

    @Test
    void aStopBeforeTheTakeoverCancelsTheDeployment() {
        Work slow = works.of("c1", "slow", Duration.ofMinutes(10));
        assign(slow);
        assertTrue(Await.until(PATIENCE, () -> starts().size() == 1));

        log.write(
                Topic.ASSIGNMENTS,
                service.id(),
                envelope(new WorkStopped(service.id(), project, slow.attempt(), "cancelled by ben")));

        JobFinished end = finished(slow);
        assertEquals(Outcome.CANCELLED, end.outcome());
        assertTrue(end.reason().orElseThrow().contains("cancelled by ben"), end.toString());
    }

    @Test
    void pagesThroughTheHistoryFromTheNewestOn() {
        for (String commit : List.of("c1", "c2", "c3")) {
            Work work = works.of(commit, commit.equals("c2") ? "dead" : "well", PATIENCE);
            assign(work);
            finished(work);
        }
        history("", 3);

        List<String> commits = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.get("/api/v1/environments/" + project + "/production/history?limit=1" + cursor)
                    .json();
            page.path("items").forEach(entry -> commits.add(entry.path("commit").asText()));
            cursor = page.hasNonNull("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());

        assertEquals(List.of("c3", "c2", "c1"), commits);
    }

    @Test
    void refusesPagesThatThereAreNot() {
        String history = "/api/v1/environments/" + project + "/production/history";
        String foreign = page(List.of("c1", "c2"));
        for (String query :
                List.of("?limit=-1", "?limit=0", "?limit=1000000000", "?limit=x", "?cursor=x", "?cursor=" + foreign)) {
            Answer answer = client.get(history.replace(project, query.contains(foreign) ? "other" : project) + query);

            assertEquals(400, answer.status(), query + answer.body());
            assertTrue(answer.isProblem(), answer.body());
        }
    }

    @Test
    void answersNothingWithoutTheInternalTokenAndNothingOutsideOfEnvironments() {
        TestClient anonymous = TestClient.anonymous(base);
        String one = "/api/v1/environments/" + project + "/production";
        for (String path :
                List.of("/api/v1/environments?project=shop", one, one + "/history", "/q/metrics", "/q/openapi")) {
            assertEquals(401, anonymous.get(path).status(), path);
            assertEquals(401, anonymous.with("guessed").get(path).status(), path);
        }
        for (String path : List.of("/../proxy", "/%2e%2e/proxy", "/..%2fx/proxy", "/.%00/x", "/" + project + ";x/y")) {
            Answer answer = client.get("/api/v1/environments" + path);
            assertTrue(answer.status() == 404 && answer.isProblem(), path + " " + answer);
        }
        assertEquals(404, client.get(one).status());
        assertEquals(400, client.get("/api/v1/environments").status());
        assertEquals(200, anonymous.get("/q/health/live").status());
    }

    @Test
    void buriesAssignmentsThatCannotBeReadAndGoesOn() {
        Envelope good = envelope(new WorkAssigned(service.id(), works.of("c0", "well", PATIENCE), Instant.EPOCH, 30));

        BadRecords.checkBuried(log, client, Topic.ASSIGNMENTS, BadRecords.unreadable(Topic.ASSIGNMENTS, good), 1);

        Work work = works.of("c1", "well", PATIENCE);
        BadRecord newer =
                BadRecords.newer(Topic.ASSIGNMENTS, envelope(new WorkAssigned(service.id(), work, Instant.now(), 30)));
        log.write(newer.record());
        assertEquals(Outcome.SUCCEEDED, finished(work).outcome(), "a newer minor version is taken");
    }

    @Test
    void buriesDeployEventsThatCannotBeReadAndGoesOn() {
        Work work = works.of("c1", "well", PATIENCE);
        assign(work);
        finished(work);
        Envelope good = log.events(Topic.DEPLOYS).stream()
                .filter(event -> event.event() instanceof ServiceDeployed deployed
                        && deployed.project().equals(project))
                .findFirst()
                .orElseThrow();
        List<BadRecord> bad = new ArrayList<>(BadRecords.unreadable(Topic.DEPLOYS, good));
        bad.addAll(BadRecords.misplaced(Topic.DEPLOYS, good));

        BadRecords.checkBuried(log, client, Topic.DEPLOYS, bad, 1);

        log.write(BadRecords.newer(Topic.DEPLOYS, good).record());
        assertEquals(1, history("", 1).path("items").size(), "the same deployment again is the same entry");
    }

    @Test
    void whileCassandraIsAwayDeploymentsGoOnAndTheHistoryFollows() {
        TestServers.shared().cassandra().server().kill();
        Work work = works.of("c1", "well", PATIENCE);

        assign(work);

        assertEquals(Outcome.SUCCEEDED, finished(work).outcome());
        Answer refused = client.get("/api/v1/environments/" + project + "/production/history");
        assertEquals(503, refused.status(), refused.body());
        assertTrue(refused.isProblem() && refused.header("Retry-After").isPresent(), refused.toString());
        TestClient anonymous = TestClient.anonymous(base);
        assertEquals(200, anonymous.get("/q/health/live").status());
        assertTrue(Await.until(PATIENCE, () -> anonymous.get("/q/health/ready").status() == 503));

        TestServers.shared().cassandra().server().start();
        TestServers.shared().cassandra().server().awaitReady();

        assertTrue(Await.until(
                Duration.ofSeconds(90), () -> anonymous.get("/q/health/ready").status() == 200));
        assertEquals("c1", environment("commit", "c1").path("commit").asText());
    }

    private Envelope assign(Work work) {
        Envelope assignment = envelope(new WorkAssigned(service.id(), work, Instant.now(), 30));
        log.write(Topic.ASSIGNMENTS, service.id(), assignment);
        return assignment;
    }

    private static Envelope envelope(Event event) {
        return Envelope.of(UUID.randomUUID().toString(), SOURCE, Instant.now(), UUID.randomUUID(), event);
    }

    /** What the service has reported of the project, in order, repeated reports once. */
    private List<Event> reports() {
        return log.events(Topic.DEPLOYS).stream()
                .map(Envelope::event)
                .filter(event -> Topic.projectOf(event).equals(Optional.of(project)))
                .distinct()
                .toList();
    }

    private JobFinished finished(Work work) {
        List<JobFinished> found = new ArrayList<>();
        assertTrue(
                Await.until(Duration.ofSeconds(60), () -> {
                    reports().stream()
                            .filter(report -> report instanceof JobFinished end
                                    && end.attempt().equals(work.attempt()))
                            .forEach(report -> found.add((JobFinished) report));
                    return !found.isEmpty();
                }),
                () -> "the end of " + work.attempt().id() + " in " + reports());
        return found.get(0);
    }

    private UUID deployment(String commit) {
        return UUID.fromString(environment("commit", commit).path("deployment").asText());
    }

    private JsonNode environment(String field, String value) {
        List<JsonNode> shown = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            Answer answer = client.get("/api/v1/environments/" + project + "/production");
            if (answer.status() == 200 && answer.json().path(field).asText().equals(value)) {
                shown.add(answer.json());
            }
            return !shown.isEmpty();
        }));
        return shown.get(0);
    }

    /** A page of the history, once it has so many entries. */
    private JsonNode history(String query, int entries) {
        String path = "/api/v1/environments/" + project + "/production/history" + query;
        assertTrue(
                Await.until(
                        PATIENCE, () -> client.get(path).json().path("items").size() == entries),
                () -> client.get(path).body());
        return client.get(path).json();
    }

    /** The cursor of the second page of a history with these deployments. */
    private String page(List<String> commits) {
        for (String commit : commits) {
            Work work = works.of(commit, "dead", PATIENCE);
            assign(work);
            finished(work);
        }
        history("", commits.size());
        return history("?limit=1", 1).path("next").asText();
    }

    private List<String> logLines(Work work) {
        return log.events(Topic.LOGS).stream()
                .map(Envelope::event)
                .filter(event ->
                        event instanceof LogAppended line && line.attempt().equals(work.attempt()))
                .map(event -> ((LogAppended) event).text())
                .toList();
    }

    private List<String> starts() {
        try {
            return Files.exists(works.witness()) ? Files.readAllLines(works.witness()) : List.of();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.DeployEvent.ServiceRolledBack;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Rollout;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
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
import java.net.http.HttpRequest;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** What people say to rollouts over REST, with the whole service behind it. */
@QuarkusTest
@QuarkusTestResource(DeployServers.class)
class RolloutApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource
    URI base;

    @TempDir
    Path directory;

    @Inject
    DeployService service;

    private String environment;
    private Works works;
    private TestLog log;
    private TestClient client;

    @BeforeEach
    void begin() {
        String project = "shop-" + UUID.randomUUID();
        environment = "/api/v1/environments/" + project + "/production";
        works = new Works(project, directory);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        client = TestClient.anonymous(base).with(DeployServers.TOKEN);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aPersonPromotesAStageThatAsks() {
        deploy("c1");
        Work canary = canary("c2");
        JsonNode asking = asking();

        assertEquals(50, asking.path("percent").asInt());
        assertTrue(asking.path("question").asText().contains("50 % of the traffic"), asking.toString());
        assertTrue(Await.until(PATIENCE, () -> "c2"
                .equals(TargetContract.answer(asking.path("preview").asText()))));
        assertEquals(202, answer(asking, asking.path("stage").asInt(), true).status());

        assertEquals(Outcome.SUCCEEDED, finished(canary).outcome());
        assertEquals(404, client.get(environment + "/rollout").status());
    }

    @Test
    void whatWasSaidOfAStageFirstHolds() {
        deploy("c1");
        Work canary = canary("c2");
        JsonNode asking = asking();
        int stage = asking.path("stage").asInt();

        assertEquals(409, answer(asking, stage + 1, true).status(), "it is not there yet");
        assertEquals(202, answer(asking, stage, false).status());
        Answer late = answer(asking, stage, true);

        assertEquals(409, late.status(), late.body());
        assertTrue(late.isProblem(), late.body());
        JobFinished end = finished(canary);
        assertEquals(Outcome.FAILED, end.outcome());
        assertEquals(Optional.of("aborted by flujo: too slow"), end.reason());
    }

    @Test
    void whatWasRolledBackStaysSoUntilSomethingNewerHasServed() {
        deploy("c1");
        UUID second = deployment(deploy("c2"));
        Instant then = Instant.now();

        Answer accepted = client.post(environment + "/rollback", "{\"reason\": \"checkout fails\"}");

        assertEquals(202, accepted.status(), accepted.body());
        assertEquals(second.toString(), accepted.json().path("undone").asText());
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(commit(""))), () -> client.get(environment)
                .body());
        assertTrue(Await.until(PATIENCE, () -> "c1"
                .equals(TargetContract.answer(
                        client.get(environment).json().path("address").asText()))));
        assertEquals(List.of("c1 ROLLED_BACK", "c2 SUCCEEDED", "c1 SUCCEEDED"), history(3));
        assertEquals("c2", commit("?asOf=" + then));
        assertEquals(
                1,
                log.events(Topic.DEPLOYS).stream()
                        .map(Envelope::event)
                        .filter(event -> event instanceof ServiceRolledBack e
                                && e.undone().equals(second)
                                && e.reason().equals(Optional.of("checkout fails")))
                        .distinct()
                        .count());

        JobFinished refused = finished(assign(works.of("c2", "well", PATIENCE)));
        assertEquals(Outcome.FAILED, refused.outcome());
        assertTrue(refused.reason().orElseThrow().contains("rolled this one back"), refused.toString());
        deploy("c3");
        deploy("c2");
    }

    @Test
    void rollsBackToAnyDeploymentThatHasServed() {
        UUID first = deployment(deploy("c1"));
        deploy("c2");
        deploy("c3");

        Answer accepted = client.post(environment + "/rollback", "{\"to\": \"" + first + "\"}");

        assertEquals(202, accepted.status(), accepted.body());
        assertTrue(Await.until(PATIENCE, () -> "c1".equals(commit(""))));
        JsonNode difference = client.get(environment + "/difference?from=" + first + "&to="
                        + accepted.json().path("undone").asText())
                .json();
        assertEquals("c1", difference.at("/from/commit").asText());
        assertEquals("c3", difference.at("/to/commit").asText());
        assertEquals(0, difference.path("settings").size(), difference.toString());
    }

    @Test
    void aRollbackWhileSomethingIsOnItsWayAbortsIt() {
        deploy("c1");
        Work canary = canary("c2");
        JsonNode asking = asking();

        Answer accepted = client.post(environment + "/rollback", "{}");

        assertEquals(202, accepted.status(), accepted.body());
        assertEquals(
                asking.path("deployment").asText(),
                accepted.json().path("aborted").asText());
        assertEquals(Outcome.FAILED, finished(canary).outcome());
        assertEquals("c1", commit(""));
    }

    @Test
    void anEnvironmentThatWantsAnApprovalStartsNothingBeforeItHasIt() {
        deploy("c1");
        rules("{\"approval\": true}");
        Work next = assign(works.of("c2", "well", PATIENCE));
        JsonNode asking = asking();

        assertTrue(asking.path("question").asText().contains("wants an approval"), asking.toString());
        assertEquals(0, asking.path("percent").asInt());
        assertEquals("c1", commit(""));
        assertEquals(202, answer(asking, asking.path("stage").asInt(), true).status());
        assertEquals(Outcome.SUCCEEDED, finished(next).outcome());
    }

    @Test
    void aFrozenEnvironmentIsReachedOnceTheFreezeIsTakenAway() {
        deploy("c1");
        rules("{\"freezes\": [{\"name\": \"always\", \"zone\": \"Asia/Tokyo\", \"from\": \"2020-01-01T00:00\","
                + " \"to\": \"2999-01-01T00:00\"}]}");
        Work next = assign(works.of("c2", "well", PATIENCE));
        assertTrue(asking().path("question").asText().contains("frozen (always) until 2999-01-01T00:00 Asia/Tokyo"));

        rules("{\"heal\": true}");
        rules("{}");

        assertEquals(Outcome.SUCCEEDED, finished(next).outcome());
    }

    @Test
    void aReleaseThatHasNotServedInTheEnvironmentBeforeIsRefused() {
        rules("{\"after\": \"staging\"}");

        JobFinished refused = finished(assign(works.of("c1", "well", PATIENCE)));

        assertEquals(Outcome.FAILED, refused.outcome());
        assertTrue(refused.reason().orElseThrow().contains("has served in 'staging'"), refused.toString());
        assertEquals(
                Outcome.SUCCEEDED, finished(assign(works.to("staging", "c1"))).outcome());
        deploy("c1");
    }

    @Test
    void refusesRulesThatCannotBeMeant() {
        for (String body : List.of(
                "{\"after\": \"production\"}",
                "{\"after\": \"../x\"}",
                "{\"freezes\": [{\"name\": \"x\", \"zone\": \"Mars/Base\", \"from\": \"16:00\", \"to\": \"17:00\","
                        + " \"days\": [\"friday\"]}]}",
                "{\"freezes\": [{\"name\": \"x\"}]}")) {
            Answer answer = put(body);
            assertEquals(422, answer.status(), body + answer.body());
        }
    }

    private void rules(String body) {
        Answer answer = put(body);
        assertEquals(200, answer.status(), answer.body());
        assertEquals(answer.json(), client.get(environment + "/rules").json());
    }

    private Answer put(String body) {
        return client.send(
                "PUT",
                environment + "/rules",
                Map.of("Content-Type", "application/json"),
                HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertEquals(404, client.post(environment + "/rollback", "{}").status());
        assertEquals(404, client.get(environment + "/rollout").status());
        deploy("c1");

        for (String body : List.of("{}", "{\"to\": \"" + UUID.randomUUID() + "\"}")) {
            Answer nothing = client.post(environment + "/rollback", body);
            assertEquals(409, nothing.status(), nothing.body());
            assertTrue(nothing.isProblem(), nothing.body());
        }
        assertEquals(422, client.post(environment + "/rollout", "{}").status());
        assertEquals(0, client.get(environment + "/drift").json().at("/fields").size());
        assertEquals(400, client.get(environment + "?asOf=yesterday").status());
        assertEquals(404, client.get(environment + "?asOf=2020-01-01T00:00:00Z").status());
        assertEquals(400, client.get(environment + "/difference?from=x&to=y").status());
        assertEquals(
                401,
                TestClient.anonymous(base).post(environment + "/rollback", "{}").status());
    }

    private Work deploy(String commit) {
        Work work = assign(works.of(commit, "well", PATIENCE));
        assertEquals(Outcome.SUCCEEDED, finished(work).outcome());
        assertTrue(Await.until(PATIENCE, () -> commit.equals(commit(""))));
        return work;
    }

    private Work canary(String commit) {
        Strategy half = new Strategy(
                Kind.CANARY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(new CanaryStep(50, Duration.ZERO, true)));
        return assign(works.of(commit, "well", new Rollout(1, half, List.of(), true, List.of())));
    }

    private Work assign(Work work) {
        WorkAssigned assignment = new WorkAssigned(service.id(), work, Instant.now(), 30);
        log.write(
                Topic.ASSIGNMENTS,
                service.id(),
                Envelope.of(
                        UUID.randomUUID().toString(),
                        URI.create("/test"),
                        Instant.now(),
                        UUID.randomUUID(),
                        assignment));
        return work;
    }

    private Answer answer(JsonNode rollout, int stage, boolean promote) {
        return client.post(
                environment + "/rollout",
                "{\"deployment\": \"" + rollout.path("deployment").asText() + "\", \"stage\": " + stage
                        + ", \"promote\": " + promote + ", \"reason\": \"too slow\"}");
    }

    private JsonNode asking() {
        List<JsonNode> found = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            Answer answer = client.get(environment + "/rollout");
            if (answer.status() == 200 && answer.json().hasNonNull("question")) {
                found.add(answer.json());
            }
            return !found.isEmpty();
        }));
        return found.get(0);
    }

    private JobFinished finished(Work work) {
        List<JobFinished> found = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            log.events(Topic.DEPLOYS).stream()
                    .map(Envelope::event)
                    .filter(event ->
                            event instanceof JobFinished end && end.attempt().equals(work.attempt()))
                    .forEach(event -> found.add((JobFinished) event));
            return !found.isEmpty();
        }));
        return found.get(0);
    }

    private static UUID deployment(Work work) {
        return DerivedId.deployment(work.attempt().run(), work.attempt().job(), "production");
    }

    private String commit(String query) {
        Answer answer = client.get(environment + query);
        return answer.status() == 200 ? answer.json().path("commit").asText() : "none: " + answer.status();
    }

    private List<String> history(int entries) {
        List<String> history = new ArrayList<>();
        assertTrue(Await.until(PATIENCE, () -> {
            history.clear();
            client.get(environment + "/history")
                    .json()
                    .path("items")
                    .forEach(entry -> history.add(entry.path("commit").asText() + " "
                            + entry.path("state").asText()));
            return history.size() == entries;
        }));
        return history;
    }
}

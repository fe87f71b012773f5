package dev.flujo.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.DeployEvent.EnvironmentDeleted;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of environments, with the whole service behind them: by time, with their pull requests, and by hand. */
@QuarkusTest
@QuarkusTestResource(DeployServers.class)
class TakeDownApiIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource
    URI base;

    @TempDir
    Path directory;

    @Inject
    DeployService service;

    private String project;
    private String preview;
    private Works works;
    private TestLog log;
    private TestClient client;

    @BeforeEach
    void begin() {
        project = "shop-" + UUID.randomUUID();
        preview = "/api/v1/environments/" + project + "/pr-5";
        works = new Works(project, directory);
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        client = TestClient.anonymous(base).with(DeployServers.TOKEN);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void anEnvironmentSaysWhereItIsFoundUntilWhenItIsThereAndWithWhichPullRequestItEnds() {
        deploy(works.toOneWithAnEnd("pr-5", "c1", Optional.of(Duration.ofHours(2)), Optional.of(5L)));

        JsonNode view = client.get(preview).json();

        assertEquals("https://pr-5.example.com", view.path("url").asText());
        assertTrue(view.path("address").asText().startsWith("http://127.0.0.1:"), view.toString());
        assertEquals(5, view.path("pullRequest").asLong());
        Duration left =
                Duration.between(Instant.now(), Instant.parse(view.path("until").asText()));
        assertTrue(left.toMinutes() >= 110 && left.toMinutes() <= 120, view.toString());
        assertTrue(Await.until(PATIENCE, () -> "https://pr-5.example.com"
                .equals(client.get(preview + "/history")
                        .json()
                        .at("/items/0/url")
                        .asText())));
        deploy(works.to("staging", "c1"));
        JsonNode plain =
                client.get("/api/v1/environments/" + project + "/staging").json();
        assertEquals(plain.path("address"), plain.path("url"));
        assertFalse(plain.has("until") || plain.has("pullRequest"), plain.toString());
    }

    @Test
    void anEnvironmentIsTakenDownByHandOnceAndItsHistorySaysWhenAndWhy() {
        deploy(works.to("pr-5", "c1"));
        String address = client.get(preview).json().path("address").asText();
        Instant then = Instant.now();

        Answer accepted = delete();

        assertEquals(202, accepted.status(), accepted.body());
        awaitGone(address, "flujo took it down");
        assertEquals(204, delete().status(), "it is down already");
        assertTrue(Await.until(PATIENCE, () -> states().equals(List.of("TAKEN_DOWN", "SUCCEEDED"))));
        JsonNode entry = client.get(preview + "/history").json().at("/items/0");
        assertEquals(
                accepted.json().path("takeDown").asText(),
                entry.path("deployment").asText());
        assertEquals("flujo took it down", entry.path("reason").asText());
        assertEquals(
                "c1",
                client.get(preview + "?asOf=" + then).json().path("commit").asText());
        assertEquals(404, client.get(preview + "?asOf=" + Instant.now()).status());
        assertEquals(404, client.post(preview + "/rollback", "{}").status());

        deploy(works.to("pr-5", "c2"));
        assertEquals("c2", client.get(preview).json().path("commit").asText());
        assertEquals(1, deleted().size());
    }

    @Test
    void anEnvironmentEndsWithItsPullRequestAndIsMadeAnewWhenThatIsReopened() {
        deploy(works.toOneWithAnEnd("pr-5", "c1", Optional.empty(), Optional.of(5L)));
        String address = client.get(preview).json().path("address").asText();

        changed("closed");

        awaitGone(address, "pull request 5 was closed");
        assertEquals("ben", deleted().get(0).by());
        JobFinished late = finished(assign(works.toOneWithAnEnd("pr-5", "c2", Optional.empty(), Optional.of(5L))));
        assertEquals(Outcome.FAILED, late.outcome());
        assertTrue(late.reason().orElseThrow().contains("5 is closed"), late.toString());

        changed("reopened");
        assertTrue(Await.until(
                PATIENCE,
                () -> finished(assign(works.toOneWithAnEnd("pr-5", "c3", Optional.empty(), Optional.of(5L))))
                                .outcome()
                        == Outcome.SUCCEEDED));
    }

    @Test
    void whatIsOnItsWayForAPullRequestThatIsClosedDoesNotCome() throws Exception {
        Work slow = assign(slow());
        assertTrue(Await.until(PATIENCE, () -> Files.exists(works.witness())));
        Answer refused = delete();
        assertEquals(409, refused.status(), refused.body());
        assertTrue(refused.body().contains("a deployment is; abort it or wait"), refused.body());

        changed("closed");

        JobFinished end = finished(slow);
        assertEquals(Outcome.CANCELLED, end.outcome());
        assertEquals(Optional.of("it was stopped before it took over: pull request 5 was closed"), end.reason());
        assertTrue(Await.until(PATIENCE, () -> deleted().size() == 1));
    }

    @Test
    void anEnvironmentWhoseTimeIsOverIsTakenDown() {
        deploy(works.toOneWithAnEnd("pr-5", "c1", Optional.of(Duration.ofSeconds(2)), Optional.empty()));

        assertTrue(Await.until(PATIENCE, () -> deleted().size() == 1));
        assertEquals("its time to live of 2s is over", deleted().get(0).reason());
        assertTrue(Await.until(
                PATIENCE, () -> !client.get(preview).json().path("live").asBoolean()));
    }

    @Test
    void whereNothingEverWasNothingIsTakenDown() {
        assertEquals(404, delete().status());
        assertEquals(
                401,
                TestClient.anonymous(base)
                        .send("DELETE", preview, Map.of(), BodyPublishers.noBody())
                        .status());
    }

    private Answer delete() {
        return client.send("DELETE", preview, Map.of(), BodyPublishers.noBody());
    }

    private void awaitGone(String address, String reason) {
        assertTrue(Await.until(PATIENCE, () -> deleted().size() == 1), "it is told");
        assertEquals(reason, deleted().get(0).reason());
        assertTrue(TargetContract.answer(address).startsWith("no answer"), TargetContract.answer(address));
        JsonNode view = client.get(preview).json();
        assertFalse(view.path("live").asBoolean() || view.has("address") || view.has("url"), view.toString());
    }

    private List<EnvironmentDeleted> deleted() {
        return log.events(Topic.DEPLOYS).stream()
                .map(Envelope::event)
                .filter(event ->
                        event instanceof EnvironmentDeleted e && e.project().equals(project))
                .map(event -> (EnvironmentDeleted) event)
                .distinct()
                .toList();
    }

    private List<String> states() {
        List<String> states = new java.util.ArrayList<>();
        client.get(preview + "/history")
                .json()
                .path("items")
                .forEach(entry -> states.add(entry.path("state").asText()));
        return states;
    }

    private Work slow() {
        return works.toOneWithAnEnd("pr-5", "c1", "slow", Optional.empty(), Optional.of(5L));
    }

    private void deploy(Work work) {
        assertEquals(Outcome.SUCCEEDED, finished(assign(work)).outcome());
        String commit = work.revision().commit().orElseThrow();
        String environment = "/api/v1/environments/" + project + "/"
                + work.job().deploy().orElseThrow().environment();
        assertTrue(Await.until(PATIENCE, () -> {
            Answer answer = client.get(environment);
            return answer.status() == 200
                    && commit.equals(answer.json().path("commit").asText());
        }));
    }

    private Work assign(Work work) {
        write(Topic.ASSIGNMENTS, service.id(), new WorkAssigned(service.id(), work, Instant.now(), 30));
        return work;
    }

    private void changed(String action) {
        write(
                Topic.COMMITS,
                project,
                new PullRequestChanged(
                        project,
                        5,
                        action,
                        "Sell more",
                        "more",
                        "main",
                        "c1",
                        false,
                        false,
                        List.of(),
                        "ana",
                        "ben",
                        Instant.now(),
                        Optional.empty()));
    }

    private void write(Topic topic, String key, Event event) {
        log.write(
                topic,
                key,
                Envelope.of(
                        UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), event));
    }

    private JobFinished finished(Work work) {
        assertTrue(Await.until(PATIENCE, () -> end(work).isPresent()), "it ends");
        return end(work).orElseThrow();
    }

    private Optional<JobFinished> end(Work work) {
        return log.events(Topic.DEPLOYS).stream()
                .map(Envelope::event)
                .filter(event ->
                        event instanceof JobFinished end && end.attempt().equals(work.attempt()))
                .map(event -> (JobFinished) event)
                .findFirst();
    }
}

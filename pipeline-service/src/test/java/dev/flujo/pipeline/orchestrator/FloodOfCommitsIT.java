package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunSkipped;
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
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many commits at once, which start nothing, and somebody of the same project who asks for a run after them. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class FloodOfCommitsIT {

    private static final int COMMITS = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PIPELINE =
            """
            name: main
            on: {push: {branches: [release]}, manual: {}}
            jobs: {a: {steps: [{name: a, run: 'true'}]}}
            """;

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();

    @Test
    void whoAsksForARunDoesNotStandBehindThem() {
        TestClient client =
                TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        Answer submitted = client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(PIPELINE));
        assertEquals(201, submitted.status(), submitted.body());
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            log.write(
                    Topic.COMMITS,
                    project,
                    IntStream.range(0, COMMITS).mapToObj(number -> commit()).toList());
            Answer started = client.send(
                    "POST",
                    "/api/v1/projects/" + project + "/pipelines/main/runs",
                    Map.of("Content-Type", "application/json", "Idempotency-Key", "once"),
                    BodyPublishers.ofString("{\"branch\":\"main\"}"));
            assertTrue(started.status() < 300, started.body());

            assertTrue(Await.until(PATIENCE, () -> skipped(ofProject(log)) == COMMITS));

            List<Envelope> all = ofProject(log);
            int place = IntStream.range(0, all.size())
                    .filter(index -> all.get(index).event() instanceof RunQueued)
                    .findFirst()
                    .orElseThrow();
            long before = skipped(all.subList(0, place));
            assertTrue(before < COMMITS, before + " commits were judged before");
            client.send(
                    "POST",
                    URI.create(started.header("Location").orElseThrow()).getPath() + "/cancel",
                    Map.of(),
                    BodyPublishers.noBody());
        }
    }

    private List<Envelope> ofProject(TestLog log) {
        return log.events(Topic.RUNS).stream()
                .filter(envelope -> (envelope.event() instanceof RunSkipped skipped
                                && skipped.project().equals(project))
                        || (envelope.event() instanceof RunQueued queued
                                && queued.project().equals(project)))
                .toList();
    }

    private static long skipped(List<Envelope> events) {
        return events.stream()
                .filter(envelope -> envelope.event() instanceof RunSkipped)
                .count();
    }

    private Envelope commit() {
        String commit = UUID.randomUUID().toString().replace("-", "") + "00000000";
        CommitPushed push = new CommitPushed(
                project, "main", commit, Optional.empty(), Optional.empty(), Optional.empty(), "robot", Instant.now());
        return Envelope.of(UUID.randomUUID().toString(), URI.create("/robot"), Instant.now(), UUID.randomUUID(), push);
    }
}

package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.TopicConfig;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is still to be told when the one who tells it is gone. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
@QuarkusTestResource(value = FakeForgeServer.class, restrictToAnnotatedClass = true)
@TestProfile(StatusCrashIT.Alone.class)
class StatusCrashIT {

    /** What was stopped here must not be missed by other tests. */
    public static final class Alone implements QuarkusTestProfile {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeForge forge = FakeForgeServer.forge();

    @TestHTTPResource
    URI base;

    @Inject
    StatusThread first;

    @Inject
    Forges forges;

    @Inject
    StatusTeller teller;

    @Inject
    EventCodec codec;

    @Inject
    TopicConfig topics;

    @Inject
    Clock clock;

    private final String commit = UUID.randomUUID().toString().replace("-", "") + "00000000";

    @Test
    void isToldByTheNextOne() throws InterruptedException {
        TestClient admin = TestClient.anonymous(base).awaitReady().with(PipelineServers.ADMIN);
        Answer submitted = admin.send(
                "PUT",
                "/api/v1/projects/" + FakeForgeServer.CRASH + "/pipelines/crash",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString("name: crash\non: push\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n"));
        assertTrue(submitted.status() < 300, submitted.body());
        forge.isAway(true);
        push();
        assertTrue(Await.until(PATIENCE, () -> !calls().isEmpty()));

        first.stop(new ShutdownEvent());
        int before = calls().size();
        forge.isAway(false);
        String bootstrap = TestServers.shared().kafka().bootstrapServers();
        StatusThread second = new StatusThread(bootstrap, forges, teller, codec, topics, clock);
        second.start(new StartupEvent(), new SimpleMeterRegistry());
        try {
            assertTrue(Await.until(PATIENCE, () -> calls().size() > before), () -> calls().toString());
            assertTrue(second.speaksFor(FakeForgeServer.CRASH));
            assertEquals("pending", calls().get(before).json().path("state").asText());
        } finally {
            second.stop(new ShutdownEvent());
        }
    }

    private List<FakeForge.Call> calls() {
        return forge.calls().stream()
                .filter(call -> call.path().equals("/repos/acme/crash/statuses/" + commit))
                .filter(call -> call.json().path("context").asText().equals("flujo/crash/push"))
                .toList();
    }

    private void push() {
        CommitPushed push = new CommitPushed(
                FakeForgeServer.CRASH,
                "main",
                commit,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "ada",
                Instant.now());
        try (TestLog log = new TestLog(TestServers.shared().kafka().bootstrapServers())) {
            log.write(
                    Topic.COMMITS,
                    FakeForgeServer.CRASH,
                    Envelope.of(
                            UUID.randomUUID().toString(),
                            URI.create("/robot"),
                            Instant.now(),
                            UUID.randomUUID(),
                            push));
        }
    }
}

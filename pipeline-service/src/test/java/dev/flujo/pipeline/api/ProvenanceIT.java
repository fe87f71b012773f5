package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Attempt;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.provenance.ProvenanceCheck;
import dev.flujo.event.provenance.ProvenanceCheck.Verdict;
import dev.flujo.event.provenance.PublicSigningKey;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.pipeline.RunStory;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestLog;
import dev.flujo.stack.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signed statements of where artifacts come from, by the log of their runs. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class ProvenanceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SHA = "a".repeat(64);
    private static final String PATH = "target/my app.jar";

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient client;
    private TestLog log;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void signsAnArtifactByWhatTheLogOfItsRunSays() {
        RunStory story = story();
        JsonNode artifact = artifact(story.run());

        Verdict verdict = check(artifact);

        assertTrue(verdict instanceof Verdict.Verified, verdict.toString());
        Verdict.Verified verified = (Verdict.Verified) verdict;
        assertEquals(PATH, verified.subject());
        assertEquals(story.attempt().id(), verified.invocation());
        assertEquals(keys().get(0).id(), verified.keyId());
    }

    @Test
    void whatWasKeptFromAnotherRunHasTheProvenanceOfTheRunThatMadeIt() {
        RunStory first = story();
        artifact(first.run());
        RunStory again = new RunStory(project);
        again.queued().forEach(this::write);
        Attempt kept = again.attempt();
        write(again, 3, new JobKept(project, kept, first.attempt(), List.of(), List.of(work(kept))));
        RunStory third = new RunStory(project);
        third.queued().forEach(this::write);
        write(third, 3, new JobKept(project, third.attempt(), kept, List.of(), List.of(work(third.attempt()))));

        Verdict.Verified verified = (Verdict.Verified) check(artifact(third.run()));

        assertEquals(first.attempt().id(), verified.invocation());
    }

    @Test
    void signsAnArtifactThatWasHeardOfBeforeWhatItIsSignedBy() {
        RunStory story = new RunStory(project);
        List<Envelope> queued = story.queued();
        List<Envelope> running = story.running();
        write(story, 7, new ArtifactPublished(project, story.attempt(), PATH, 3, SHA));
        queued.forEach(this::write);
        running.forEach(this::write);

        Verdict verdict = check(artifact(story.run()));

        assertTrue(verdict instanceof Verdict.Verified, verdict.toString());
    }

    @Test
    void thereIsNoneOfWhatNobodyMade() {
        RunStory story = story();
        artifact(story.run());

        for (String path : List.of("build/other.jar", "other/target/my%20app.jar")) {
            assertEquals(
                    404,
                    client.get("/api/v1/runs/" + story.run() + "/provenance/" + path)
                            .status());
        }
    }

    private RunStory story() {
        RunStory story = new RunStory(project);
        story.queued().forEach(this::write);
        story.running().forEach(this::write);
        write(story, 7, new ArtifactPublished(project, story.attempt(), PATH, 3, SHA));
        return story;
    }

    private void write(RunStory story, long sequence, Event event) {
        write(new Envelope(
                DerivedId.event(story.run(), "more", (int) sequence),
                URI.create("/flujo/orchestrator"),
                java.time.Instant.now(),
                story.chain(),
                sequence,
                event));
    }

    private void write(Envelope envelope) {
        log.write(Topic.RUNS, project, envelope);
    }

    private static Work.Artifact work(Attempt attempt) {
        return new Work.Artifact(attempt.job(), PATH, 3, SHA);
    }

    /** The only artifact of a run, once it is signed. */
    private JsonNode artifact(UUID run) {
        String path = "/api/v1/runs/" + run + "/artifacts";
        assertTrue(
                Await.until(
                        PATIENCE, () -> client.get(path).json().at("/items/0").hasNonNull("provenance")),
                () -> client.get(path).toString());
        return client.get(path).json().at("/items/0");
    }

    private Verdict check(JsonNode artifact) {
        String envelope = client.get(artifact.path("provenance").asText()).body();
        return ProvenanceCheck.of("my app.jar", SHA, envelope, keys());
    }

    private List<PublicSigningKey> keys() {
        return PublicSigningKey.read(
                client.get("/api/v1/signing-keys").json().at("/items/0/pem").asText());
    }
}

package dev.flujo.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Envelope;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole service, because its promise (the same numbers from the same log) lies between Kafka, Cassandra and REST. */
@QuarkusTest
@QuarkusTestResource(MetricsServers.class)
class MetricsServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final Instant noon =
            Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS).plus(12, ChronoUnit.HOURS);
    private final String until =
            LocalDate.ofInstant(noon, ZoneOffset.UTC).plusDays(1).toString();

    @TestHTTPResource
    URI base;

    private TestLog log;
    private TestClient client;
    private Story story;

    @BeforeEach
    void begin() {
        log = new TestLog(TestServers.shared().kafka().bootstrapServers());
        client = TestClient.anonymous(base).with(MetricsServers.TOKEN);
        story = new Story("shop-" + UUID.randomUUID());
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void tellsTheKeysWithTheirReceipts() {
        tellAStory();

        JsonNode place = production();

        assertEquals("production", place.path("tier").asText());
        JsonNode keys = place.path("keys");
        assertEquals(2, keys.at("/deploymentFrequency/details/deployments").asInt());
        assertEquals(85.0, keys.at("/changeLeadTime/value").asDouble());
        assertEquals(0.5, keys.at("/changeFailRate/value").asDouble());
        assertEquals(575.0, keys.at("/failedDeploymentRecoveryTime/value").asDouble());
        assertEquals(0.0, keys.at("/deploymentReworkRate/value").asDouble());
        JsonNode receipts = keys.at("/failedDeploymentRecoveryTime/receipts");
        JsonNode events = json(receipts.path("href").asText()).path("events");
        List<String> ids = new ArrayList<>();
        events.forEach(event -> ids.add(event.path("id").asText()));
        List<String> named = new ArrayList<>();
        receipts.path("events").forEach(id -> named.add(id.asText()));
        assertEquals(3, ids.size());
        assertEquals(ids.stream().sorted().toList(), named.stream().sorted().toList());
    }

    @Test
    void tellsTheWayOfARunAndOfAPipelineToTheMarket() {
        tellAStory();

        JsonNode run = json("/api/v1/metrics/runs/" + story.runId("c1"));
        JsonNode pipeline = json(path("time-to-market", "")).path("pipelines").path(0);

        assertEquals(
                "{\"commitToTrigger\":60.0,\"queue\":2.0,\"build\":10.0,\"test\":5.0,\"wait\":4.0,\"deploy\":4.0}",
                run.path("phases").toString());
        assertEquals(85.0, run.path("total").asDouble());
        assertEquals(16, run.path("events").size());
        assertEquals(16, json(run.path("href").asText()).path("events").size());
        assertEquals(2, pipeline.at("/runs/succeeded").asInt());
        assertEquals(1, pipeline.at("/runs/failed").asInt());
        assertEquals(5.0, pipeline.at("/phases/test/median").asDouble());
        assertEquals(85.0, pipeline.at("/total/p95").asDouble());
    }

    @Test
    void rebuildsIdenticalNumbersFromTheLog() {
        tellAStory();
        String before = allAnswers();

        Answer accepted = client.post("/api/v1/metrics/rebuild", "");
        assertEquals(202, accepted.status());
        assertTrue(Await.until(
                PATIENCE,
                () -> json("/api/v1/metrics/rebuild").path("state").asText().equals("DONE")));

        assertEquals(before, allAnswers());
        assertTrue(json("/api/v1/metrics/rebuild").path("recordsRead").asLong() > 0);
    }

    @Test
    void doesNotMindRepeatedAndReorderedEvents() {
        tellAStory();
        String before = allAnswers();
        Random random = new Random(11);
        List<Envelope> runs = new ArrayList<>(story.run("c1", noon, Outcome.SUCCEEDED));
        runs.addAll(story.run("c1", noon, Outcome.SUCCEEDED));
        Collections.shuffle(runs, random);
        List<Envelope> deploys = new ArrayList<>(deploys());
        Collections.shuffle(deploys, random);
        log.write(Topic.RUNS, story.project, runs);
        log.write(Topic.DEPLOYS, story.project, deploys);
        Story mark = new Story("mark-" + UUID.randomUUID());
        log.write(Topic.RUNS, story.project, story.run("c9", noon.plusSeconds(9_000), Outcome.FAILED));
        log.write(Topic.DEPLOYS, mark.project, mark.deployed("production", "c1", noon));

        assertTrue(Await.until(
                PATIENCE,
                () -> client.get("/api/v1/metrics/runs/" + story.runId("c9")).status() == 200));
        assertTrue(Await.until(
                PATIENCE,
                () -> json("/api/v1/metrics/dora?project=" + mark.project)
                                .path("environments")
                                .size()
                        == 1));

        assertEquals(withoutFailed(before), withoutFailed(allAnswers()));
    }

    @Test
    void countsNoReportThatTheOrchestratorHasNotAccepted() {
        Envelope accepted = story.run("c1", noon, Outcome.SUCCEEDED).get(3);
        log.write(
                Topic.DEPLOYS,
                story.project,
                Envelope.of(accepted.id(), accepted.source(), accepted.time(), accepted.chainId(), accepted.event()));
        tellAStory();

        assertEquals(
                85.0,
                json("/api/v1/metrics/runs/" + story.runId("c1")).path("total").asDouble());
    }

    @Test
    void buriesWhatItCannotReadAndGoesOn() {
        Envelope run = story.run("c0", noon, Outcome.SUCCEEDED).get(0);
        Envelope deployed = story.deployed("production", "c0", noon);
        List<BadRecord> deploys = new ArrayList<>(BadRecords.unreadable(Topic.DEPLOYS, deployed));
        deploys.addAll(BadRecords.misplaced(Topic.DEPLOYS, deployed));
        deploys.add(incidentWithoutKey());

        BadRecords.checkBuried(log, client, Topic.RUNS, BadRecords.unreadable(Topic.RUNS, run), 1);
        BadRecords.checkBuried(log, client, Topic.RUNS, BadRecords.misplaced(Topic.RUNS, run), 1);
        BadRecords.checkBuried(log, client, Topic.DEPLOYS, deploys, 1);

        tellAStory();
        assertEquals(
                2,
                production().at("/keys/deploymentFrequency/details/deployments").asInt());
        assertEquals(200, client.get("/q/health").status());
    }

    @Test
    void takesWhatANewerFlujoWrites() {
        tellAStory();

        log.write(BadRecords.newer(Topic.DEPLOYS, story.deployed("production", "c4", noon.plusSeconds(4_000)))
                .record());

        assertTrue(Await.until(
                PATIENCE,
                () -> production()
                                .at("/keys/deploymentFrequency/details/deployments")
                                .asInt()
                        == 3));
    }

    @Test
    void waitsInPlaceWhileCassandraIsAway() {
        tellAStory();
        Optional<Double> buried = client.metric("flujo_events_dead_letters_total{topic=\"flujo.runs\"");
        TestServers.shared().cassandra().server().kill();
        log.write(Topic.RUNS, story.project, story.run("late", noon.plusSeconds(5_000), Outcome.FAILED));

        assertTrue(Await.until(PATIENCE, () -> client.get("/q/health/ready").status() == 503));
        assertEquals(200, client.get("/q/health/live").status());
        Answer refused = client.get("/api/v1/metrics/dora?project=" + story.project);
        assertEquals(503, refused.status(), refused.body());
        assertTrue(refused.header("Retry-After").isPresent());

        TestServers.shared().cassandra().server().start();
        TestServers.shared().cassandra().server().awaitReady();

        assertTrue(Await.until(
                Duration.ofSeconds(90),
                () -> client.get("/api/v1/metrics/runs/" + story.runId("late")).status() == 200));
        assertEquals(buried, client.metric("flujo_events_dead_letters_total{topic=\"flujo.runs\""));
        assertEquals(200, client.get("/q/health/ready").status());
    }

    @Test
    void exportsTheNumbersToPrometheus() {
        tellAStory();
        String of = "pipeline=\"main\",project=\"" + story.project + "\",";

        Map.of(
                        "flujo_dora_change_fail_ratio{environment=\"production\"," + of, 0.5,
                        "flujo_time_to_market_seconds{phase=\"test\"," + of + "quantile=\"0.5\"", 5.0,
                        "cicd_pipeline_run_duration_seconds{cicd_pipeline_name=\"" + story.project
                                        + "/main\",cicd_pipeline_result=\"success\",quantile=\"0.95\"",
                                26.0)
                .forEach((series, value) -> assertTrue(
                        Await.until(PATIENCE, () -> client.metric(series).equals(Optional.of(value))),
                        () -> series + " is " + client.metric(series) + ", not " + value));
    }

    private void tellAStory() {
        log.write(Topic.RUNS, story.project, story.run("c1", noon, Outcome.SUCCEEDED));
        log.write(Topic.RUNS, story.project, story.run("c2", noon.plusSeconds(1_000), Outcome.FAILED));
        log.write(Topic.RUNS, story.project, story.run("c3", noon.plusSeconds(2_000), Outcome.SUCCEEDED));
        log.write(Topic.DEPLOYS, story.project, deploys());
        assertTrue(Await.until(PATIENCE, () -> {
            JsonNode keys = production().path("keys");
            return keys.at("/failedDeploymentRecoveryTime/value").isNumber()
                    && keys.at("/deploymentFrequency/details/deployments").asInt() == 2
                    && client.get("/api/v1/metrics/runs/" + story.runId("c3"))
                            .body()
                            .contains("SUCCEEDED");
        }));
    }

    private List<Envelope> deploys() {
        return List.of(
                story.deployed("production", "c1", noon),
                story.detected("i1", "production", noon.plusSeconds(300), Optional.empty()),
                story.resolved("i1", "production", noon.plusSeconds(600), Optional.empty()),
                story.deployed("production", "c3", noon.plusSeconds(2_000)));
    }

    private JsonNode json(String path) {
        return client.get(path).json();
    }

    private JsonNode production() {
        return json(path("dora", "&environment=production"))
                .path("environments")
                .path(0);
    }

    private String path(String what, String more) {
        return "/api/v1/metrics/" + what + "?project=" + story.project + "&pipeline=main&days=7&until=" + until + more;
    }

    /** The marker run is one more failed run. */
    private static String withoutFailed(String answers) {
        return answers.replaceAll("\"failed\":\\d+", "");
    }

    private String allAnswers() {
        StringBuilder answers = new StringBuilder();
        answers.append(client.get(path("dora", "")).body()).append('\n');
        answers.append(client.get(path("time-to-market", "")).body()).append('\n');
        for (String commit : List.of("c1", "c2", "c3")) {
            String run = "/api/v1/metrics/runs/" + story.runId(commit);
            answers.append(client.get(run).body()).append('\n');
            answers.append(client.get(run + "/events").body()).append('\n');
        }
        return answers.toString();
    }

    private static BadRecord incidentWithoutKey() {
        Map<String, String> headers = Map.of("ce_type", "dev.cdevents.incident.detected.0.3.0", "ce_id", "nobody");
        return new BadRecord(
                "an incident of no project", TestLog.record(Topic.DEPLOYS, null, headers, incidentBody()), true);
    }

    private static byte[] incidentBody() {
        return ("{\"context\":{\"specversion\":\"0.5.1\",\"id\":\"nobody\",\"source\":\"/pager\",\"type\":"
                        + "\"dev.cdevents.incident.detected.0.3.0\",\"timestamp\":\"2026-11-20T10:00:00Z\"},"
                        + "\"subject\":{\"id\":\"i0\",\"content\":{\"environment\":{\"id\":\"production\"}}}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}

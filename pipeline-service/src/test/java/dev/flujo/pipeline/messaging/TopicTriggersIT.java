package dev.flujo.pipeline.messaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.AuditEvent.ActionRecorded;
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
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of a topic that is not Flujo's start runs of the pipelines that wait for them, from the moment they are submitted. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class TopicTriggersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private final String topic = "images-" + UUID.randomUUID();
    private TestClient client;
    private TestLog log;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        String kafka = TestServers.shared().kafka().bootstrapServers();
        log = new TestLog(kafka);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void end() {
        producer.close();
        log.close();
    }

    @Test
    void startsARunForEachRecordThatTheFilterLets() throws Exception {
        createTopic(3);
        send("too early", "{\"name\":\"jdk\",\"tag\":\"20\"}");
        submit(
                "main",
                "on: {kafka: {topic: " + topic + ", if: event.payload.name == 'jdk', inputs: {tag: '${{"
                        + " event.payload.tag }}'}}}\ninputs: {tag: {required: true}}\n");

        send("a", "{\"name\":\"node\",\"tag\":\"1\"}");
        send("b", "{\"name\":\"jdk\",\"tag\":\"21\"}");
        send("c", "no JSON at all");
        send("d", new byte[] {(byte) 0xff, (byte) 0xfe});
        send("e", "\"" + "x".repeat(ForeignRecords.MOST_BYTES) + "\"");
        send("f", "{\"name\":\"jdk\",\"tag\":\"22\"}");

        assertTrue(Await.until(PATIENCE, () -> runs().size() >= 2), () -> runs().toString());
        assertTrue(Await.until(PATIENCE, () -> told().size() >= 2), () -> told().toString());
        assertEquals(2, runs().size());
        assertEquals(
                List.of("KAFKA"),
                runs().stream()
                        .map(run -> run.at("/cause/kind").asText())
                        .distinct()
                        .toList());
        List<String> tags = new ArrayList<>();
        log.events(Topic.RUNS).forEach(envelope -> {
            if (envelope.event() instanceof RunQueued queued && queued.project().equals(project)) {
                tags.add(queued.inputs().get("tag"));
            }
        });
        assertEquals(List.of("21", "22"), tags.stream().sorted().toList());
        assertTrue(told().stream().anyMatch(reason -> reason.contains("but it is no text")), () -> told().toString());
        assertTrue(
                told().stream().anyMatch(reason -> reason.contains("at most 262144 bytes")), () -> told().toString());
    }

    @Test
    void startsOneRunOfEachPipelineThatWaits() throws Exception {
        submit("one", "on: {kafka: {topic: " + topic + "}}\n");
        submit("two", "on: {kafka: [{topic: " + topic + "}, {topic: " + topic + ", if: 'true'}]}\n");
        createTopic(1);

        send("a", "hello");

        assertTrue(Await.until(PATIENCE, () -> runs().size() >= 2), () -> runs().toString());
        assertEquals(
                List.of("one", "two"),
                runs().stream()
                        .map(run -> run.path("pipeline").asText())
                        .sorted()
                        .toList());
    }

    private void createTopic(int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", TestServers.shared().kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void submit(String pipeline, String rest) {
        Answer submitted = client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/" + pipeline,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString("name: " + pipeline + "\n" + rest + "jobs: {a: {steps: [make]}}\n"));
        assertEquals(201, submitted.status(), submitted.body());
    }

    private void send(String key, String value) throws ExecutionException, InterruptedException {
        send(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private void send(String key, byte[] value) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
                .get();
    }

    private List<JsonNode> runs() {
        List<JsonNode> runs = new ArrayList<>();
        client.get("/api/v1/runs?limit=200&project=" + project)
                .json()
                .path("items")
                .forEach(runs::add);
        return runs;
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        log.events(Topic.AUDIT).forEach(envelope -> {
            if (envelope.event() instanceof ActionRecorded recorded
                    && recorded.project().filter(project::equals).isPresent()
                    && recorded.action().equals("record.receive")) {
                told.add(recorded.detail().orElse(""));
            }
        });
        return told;
    }
}

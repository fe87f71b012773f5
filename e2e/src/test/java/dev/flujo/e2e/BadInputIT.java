package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody should send, at every door: a clear answer, no trace of it, and the next good request works. */
class BadInputIT {

    private static final String PLAN = "name: main\non: manual\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";
    private static final String COMMIT = "0123456789012345678901234567890123456789";

    @TempDir
    static Path directory;

    private static LocalStack stack;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @BeforeAll
    static void up() {
        stack = new LocalStack(Checkout.find(), directory.resolve("stack"), Ports.free(), Map.of());
        stack.start(LocalStack.Progress.silent());
        new Client(stack.url(), stack.adminToken()).submit("shop", "main", "", PLAN);
    }

    @AfterAll
    static void down() {
        stack.stop(LocalStack.Progress.silent());
    }

    @AfterEach
    void aGoodRequestStillWorks() throws Exception {
        assertEquals(202, start("{\"branch\":\"main\"}").statusCode());
        assertTrue(stack.service("pipeline-service").live());
    }

    record Case(String name, String body, int status, String says) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> bodies() {
        return Stream.of(
                new Case("B01 cut off", "{\"branch\":", 400, "Expected"),
                new Case("B01 empty", "", 400, "Expected"),
                new Case("B01 null", "null", 400, "Expected a JSON object"),
                new Case("B02 nested", "[".repeat(10_000), 400, "Expected"),
                new Case("B04 repeated key", "{\"branch\":\"main\",\"branch\":\"x\"}", 400, "branch"),
                new Case("B05 unknown field", "{\"branch\":\"main\",\"brnch\":1}", 400, "brnch"),
                new Case("B07 NUL", "{\"branch\":\"ma\\u0000in\"}", 422, "branch"),
                new Case("B07 bidi", "{\"branch\":\"ma\\u202ein\"}", 422, "branch"),
                new Case("B08 empty name", "{\"branch\":\"\"}", 422, "branch"),
                new Case("B08 dots", "{\"branch\":\"..\"}", 422, "branch"),
                new Case("B08 long", "{\"branch\":\"" + "x".repeat(10_000) + "\"}", 422, "branch"),
                new Case("B34 option", "{\"branch\":\"--upload-pack=touch /tmp/c\"}", 422, "branch"),
                new Case("B34 dash", "{\"branch\":\"-x\"}", 422, "branch"),
                new Case("B34 range", "{\"branch\":\"a..b\"}", 422, "branch"),
                new Case("B34 space", "{\"branch\":\"a b\"}", 422, "branch"),
                new Case("B34 commit", "{\"branch\":\"main\",\"commit\":\"-x\"}", 422, "commit"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aRunIsNotStartedByABadBody(Case bad) throws Exception {
        HttpResponse<String> answer = start(bad.body());

        assertProblem(answer, bad.status(), bad.says());
    }

    @Test
    void aBodyOverTheLimitIsCutOff() throws Exception {
        assertProblem(start("{\"branch\":\"" + "x".repeat(1024 * 1024) + "\"}"), 413, "Expected a body of at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c touch",
                "file:///etc",
                "/etc",
                "ssh://-oProxyCommand=x",
                "http://169.254.169.254/x",
                "https://127.0.0.1:9092/x",
                "https://[::1]/x",
                "https://[::ffff:127.0.0.1]/x",
                "https://0177.0.0.1/x",
                "https://0x7f000001/x",
                "https://2130706433/x",
                "https://127.1/x",
                "https://0/x",
                "https://good@evil/"
            })
    void aPipelineTakesNoRepositoryThatMayNotBeAsked(String repository) throws Exception {
        String query = "?repository=" + java.net.URLEncoder.encode(repository, StandardCharsets.UTF_8);

        HttpResponse<String> answer = HTTP.send(
                request("/api/v1/projects/shop/pipelines/bad" + query)
                        .header("Content-Type", "application/yaml")
                        .PUT(BodyPublishers.ofString(PLAN))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertProblem(answer, 422, "Expected");
    }

    @Test
    void aBadPipelineFileIsRefusedWithAllItsErrorsAndTheirPlaces() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                request("/api/v1/projects/shop/pipelines/bad")
                        .header("Content-Type", "application/yaml")
                        .PUT(BodyPublishers.ofString("name: x\njbos: {}\njobs: {a: {stps: []}}\n"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertProblem(answer, 422, "\"line\":2");
        assertTrue(answer.body().contains("\"line\":3"), answer.body());
        assertTrue(answer.body().contains("jobs"), answer.body());
    }

    @Test
    void onlySignedWebhooksAreHeard() throws Exception {
        String push = "{\"ref\":\"refs/heads/main\",\"after\":\"" + COMMIT + "\"}";
        long before = end("flujo.commits");

        assertAll(
                () -> assertProblem(webhook(push, Map.of()), 401, "X-Hub-Signature-256"),
                () -> assertProblem(webhook(push, Map.of("X-Hub-Signature-256", "")), 401, "X-Hub-Signature-256"),
                () -> assertProblem(
                        webhook(push, Map.of("X-Hub-Signature", "sha1=" + "0".repeat(40))), 401, "X-Hub-Signature-256"),
                () -> assertProblem(
                        webhook(push, Map.of("X-Hub-Signature-256", sign(push, "other"))), 401, "X-Hub-Signature-256"),
                () -> assertProblem(
                        webhook(push + " ", Map.of("X-Hub-Signature-256", sign(push, stack.webhookSecret()))),
                        401,
                        "X-Hub-Signature-256"));

        assertEquals(before, end("flujo.commits"), "records that unsigned webhooks left");
    }

    @Test
    void theSameDeliveryTwiceIsOneRun() throws Exception {
        new Client(stack.url(), stack.adminToken())
                .submit("hooked", "main", "", PLAN.replace("on: manual", "on: push"));
        String push = "{\"ref\":\"refs/heads/main\",\"after\":\"" + COMMIT + "\"}";
        Map<String, String> headers = Map.of(
                "X-Hub-Signature-256", sign(push, stack.webhookSecret()),
                "X-GitHub-Event", "push",
                "X-GitHub-Delivery", UUID.randomUUID().toString());

        assertEquals(202, webhook("hooked", push, headers).statusCode());
        assertEquals(202, webhook("hooked", push, headers).statusCode());

        Client client = new Client(stack.url(), stack.adminToken());
        assertTrue(Await.until(Duration.ofSeconds(60), () -> client.get("/api/v1/runs?project=hooked&state=SUCCEEDED")
                .map(page -> page.path("items").size() == 1)
                .orElse(false)));
        assertEquals(
                1,
                client.get("/api/v1/runs?project=hooked")
                        .orElseThrow()
                        .path("items")
                        .size());
    }

    @Test
    void unreadableRecordsAreDeadLettersWithTheReasonAndStopNothing() throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", stack.kafka().bootstrapServers());
        long before = end("flujo.commands.dead-letter");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("flujo.commands", "shop", null)).get();
            producer.send(new ProducerRecord<>("flujo.commands", "shop", new byte[0]))
                    .get();
            producer.send(new ProducerRecord<>("flujo.commands", "shop", new byte[] {1, 2, 3}))
                    .get();
        }

        assertTrue(
                Await.until(Duration.ofSeconds(30), () -> end("flujo.commands.dead-letter") >= before + 3),
                "three dead letters");
        List<ConsumerRecord<String, byte[]>> letters = read("flujo.commands.dead-letter");
        letters.forEach(letter -> assertTrue(
                new String(letter.headers().lastHeader("flujo-reason").value(), StandardCharsets.UTF_8)
                        .startsWith("Expected")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/runs",
                "/api/v1/projects",
                "/api/v1/tokens",
                "/api/v1/environments?project=shop",
                "/api/v1/metrics/dora?project=shop",
                "/api/v1/runs;x",
                "/q/metrics",
                "/q/openapi"
            })
    void nothingButHealthAnswersWithoutAToken(String path) throws Exception {
        HttpRequest anonymous =
                HttpRequest.newBuilder(URI.create(stack.url() + path)).build();
        HttpRequest wrong = HttpRequest.newBuilder(URI.create(stack.url() + path))
                .header("Authorization", "Bearer nonsense")
                .build();

        int without = HTTP.send(anonymous, HttpResponse.BodyHandlers.ofString()).statusCode();
        int with = HTTP.send(wrong, HttpResponse.BodyHandlers.ofString()).statusCode();

        assertTrue(List.of(401, 404).contains(without), "without a token: " + without);
        assertTrue(List.of(401, 404).contains(with), "with a wrong token: " + with);
    }

    private static HttpResponse<String> start(String body) throws Exception {
        return HTTP.send(
                request("/api/v1/projects/shop/pipelines/main/runs")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> webhook(String body, Map<String, String> headers) throws Exception {
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent("X-GitHub-Event", "push");
        all.putIfAbsent("X-GitHub-Delivery", UUID.randomUUID().toString());
        return webhook("shop", body, all);
    }

    private static HttpResponse<String> webhook(String project, String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(stack.url() + "/api/v1/webhooks/github/" + project))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(stack.url() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + stack.adminToken());
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String says) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse("").split(";", -1)[0]);
        assertTrue(answer.body().contains(says), answer.body());
    }

    private static String sign(String body, String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static long end(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            return consumer
                    .endOffsets(consumer.partitionsFor(topic).stream()
                            .map(info -> new org.apache.kafka.common.TopicPartition(topic, info.partition()))
                            .toList())
                    .values()
                    .stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static List<ConsumerRecord<String, byte[]>> read(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            var partition = new org.apache.kafka.common.TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<String, byte[]>> found = new java.util.ArrayList<>();
            Await.until(Duration.ofSeconds(20), () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
                return found.size() >= 3;
            });
            return found;
        }
    }

    private static KafkaConsumer<String, byte[]> consumer() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", stack.kafka().bootstrapServers());
        properties.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }
}

package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that nobody should send, at every door that takes one: a clear answer, and the next good request works. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class BadBodiesIT {

    private static final String PLAN = "name: main\non: manual\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";
    private static final String TOKENS = "/api/v1/tokens";
    private static final int MEGABYTE = 1024 * 1024;

    @TestHTTPResource
    URI base;

    private final String pipelines = "/api/v1/projects/shop-" + UUID.randomUUID() + "/pipelines";
    private TestClient client;

    /** Where JSON is taken. */
    private record Door(String method, String path, String good) {}

    private List<Door> doors() {
        return List.of(
                new Door("POST", pipelines + "/main/runs", "{\"branch\":\"main\"}"),
                new Door("PUT", pipelines + "/main", "{\"source\":\"" + PLAN.replace("\n", "\\n") + "\"}"),
                new Door("POST", TOKENS, "{\"name\":\"ci\",\"scopes\":[\"read\"]}"));
    }

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
        assertEquals(201, submit("", PLAN).status());
    }

    @AfterEach
    void aGoodRequestStillWorks() {
        for (Door door : doors()) {
            assertEquals(2, send(door, door.good()).status() / 100, door.toString());
        }
    }

    @Test
    void whatIsNoJsonObjectCannotBeRead() {
        for (Door door : doors()) {
            for (String body : List.of("{\"a\":", "", "null", "[]", "7", "\"x\"", "{} {}", door.good() + "x")) {
                send(door, body).checkProblem(400, "bad-request", "Expected");
            }
            send(door, "[".repeat(10_000)).checkProblem(400, "bad-request", "Expected");
            send(door, "{\"branch\":".repeat(10_000)).checkProblem(400, "bad-request", "Expected");
        }
    }

    @Test
    void aFieldTwiceOrOneThatNobodyKnowsIsNamed() {
        for (Door door : doors()) {
            String field = door.good().substring(1, door.good().indexOf(':'));
            String rest = door.good().substring(1);

            send(door, "{" + field + ":\"other\"," + rest)
                    .checkProblem(400, "bad-request", "Duplicate field " + field.replace('"', '\''));
            send(door, "{\"brnch\":1," + rest)
                    .checkProblem(400, "bad-request", "Expected only the fields", "but found 'brnch'");
        }
    }

    @Test
    void namesHoldNothingThatNobodySees() {
        for (String hidden : List.of("\\u0000", "\\ud800", "\\udc00", "\\u202e", "\\u200b", "\\ufeff", "\\u001b[31m")) {
            start("ma" + hidden + "in").checkProblem(422, "invalid", "Expected the name of a branch");
            client.post(TOKENS, "{\"name\":\"c" + hidden + "i\",\"scopes\":[\"read\"]}")
                    .checkProblem(422, "invalid", "Expected a token");
        }
    }

    @Test
    void namesAreNeitherEmptyNorPathsNorLong() {
        for (String name : List.of("", " ", ".", "..", "%2e%2e", "../x", "x".repeat(10_000))) {
            client.post(TOKENS, "{\"name\":\"" + name + "\",\"scopes\":[\"read\"]}")
                    .checkProblem(422, "invalid", "Expected a token");
        }
    }

    @Test
    void branchesAndCommitsAreWhatGitTakes() {
        for (String branch : List.of(
                "",
                " ",
                ".",
                "..",
                "x".repeat(10_000),
                "--upload-pack=touch /tmp/c",
                "--upload-pack=touch",
                "-x",
                "a..b",
                "a b",
                "a\\u001bb",
                "a~1",
                "a^",
                "a:b",
                "a?",
                "a*",
                "a[b",
                "a\\\\b",
                "a//b",
                "/a",
                "a/",
                ".a",
                "a/.b",
                "a.lock",
                "a.",
                "@",
                "a@{1}")) {
            start(branch).checkProblem(422, "invalid", "Expected the name of a branch");
        }
        for (String commit : List.of("", "-x", "HEAD", "a".repeat(39), "a".repeat(41), "A".repeat(40))) {
            client.post(pipelines + "/main/runs", "{\"branch\":\"main\",\"commit\":\"" + commit + "\"}")
                    .checkProblem(422, "invalid", "Expected a commit");
        }
        client.post(pipelines + "/main/runs", "{}").checkProblem(422, "invalid", "branch", "there is none");
    }

    @Test
    void bodiesEndAtTheirLimitHoweverTheyCome() {
        for (Door door : doors()) {
            byte[] allowed = padded(door.good(), MEGABYTE);
            byte[] larger = padded(door.good(), MEGABYTE + 1);

            assertEquals(2, chunked(door, "application/json", allowed).status() / 100, door.toString());
            chunked(door, "application/json", larger)
                    .checkProblem(413, "too-large", "Expected a body of at most " + MEGABYTE + " bytes");
            send(door, new String(larger, StandardCharsets.UTF_8))
                    .checkProblem(413, "too-large", "Expected a body of at most " + MEGABYTE + " bytes");
        }
    }

    @Test
    void aBodyWithoutAnEndIsRefusedAtItsLimitAndNoneOfItIsKept() throws IOException {
        long before = heapInUse();
        for (int i = 0; i < 20; i++) {
            try (EndlessBody body = new EndlessBody(base, TOKENS, PipelineServers.ADMIN)) {
                assertEquals("HTTP/1.1 413", body.sendUntilAnswered(64L * MEGABYTE));
            }
        }
        long kept = heapInUse() - before;
        assertTrue(kept < 16L * MEGABYTE, () -> kept + " bytes are kept of bodies that were refused");
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void pipelineFilesEndAtAQuarterOfAMegabyteHoweverTheyCome() {
        Door file = new Door("PUT", pipelines + "/large", PLAN);
        for (int size : List.of(256 * 1024 + 1, 4 * MEGABYTE)) {
            byte[] large = padded(PLAN, size);
            chunked(file, "application/yaml", large).checkProblem(413, "too-large", "Expected a body of at most");
            submit("", new String(large, StandardCharsets.UTF_8))
                    .checkProblem(413, "too-large", "Expected a body of at most");
        }
        assertEquals(
                201, chunked(file, "application/yaml", padded(PLAN, 256 * 1024)).status());
    }

    @Test
    void repositoriesThatMayNotBeAskedAreRefusedAndNobodyIsAsked() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port = listener.getLocalPort();
            for (String repository : List.of(
                    "ext::sh -c touch% /tmp/c",
                    "file:///etc",
                    "/etc",
                    "--upload-pack=touch",
                    "ssh://-oProxyCommand=x/y",
                    "-oProxyCommand=x@host:y",
                    "http://169.254.169.254/latest",
                    "https://169.254.169.254/latest",
                    "https://127.0.0.1:" + port + "/x",
                    "https://localhost:" + port + "/x",
                    "git://127.0.0.1:" + port + "/x",
                    "https://[::1]:" + port + "/x",
                    "https://[::ffff:127.0.0.1]:" + port + "/x",
                    "https://[64:ff9b::7f00:1]:" + port + "/x",
                    "https://0177.0.0.1:" + port + "/x",
                    "https://0x7f000001:" + port + "/x",
                    "https://2130706433:" + port + "/x",
                    "https://127.1:" + port + "/x",
                    "https://0:" + port + "/x",
                    "https://0.0.0.0:" + port + "/x",
                    "https://good@evil/",
                    "https://user:password@git.example.com/x",
                    "https://git.example.com/a\r\nHost: evil",
                    "https://git.example.com/../x",
                    "https://git.example.com:0/x")) {
                submit("?repository=" + URLEncoder.encode(repository, StandardCharsets.UTF_8), PLAN)
                        .checkProblem(422, "invalid", "Expected the address of a git repository");
            }
            listener.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, listener::accept, "nobody has come");
        }
    }

    private Answer start(String branch) {
        return client.post(pipelines + "/main/runs", "{\"branch\":\"" + branch + "\"}");
    }

    private Answer submit(String query, String source) {
        return client.send(
                "PUT",
                pipelines + "/main" + query,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(source));
    }

    private Answer send(Door door, String body) {
        return client.send(
                door.method(), door.path(), Map.of("Content-Type", "application/json"), BodyPublishers.ofString(body));
    }

    /** Sends it without saying before how long it is. */
    private Answer chunked(Door door, String type, byte[] body) {
        return client.send(
                door.method(),
                door.path(),
                Map.of("Content-Type", type),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    private static byte[] padded(String body, int size) {
        return (body + " ".repeat(size - body.length())).getBytes(StandardCharsets.UTF_8);
    }
}

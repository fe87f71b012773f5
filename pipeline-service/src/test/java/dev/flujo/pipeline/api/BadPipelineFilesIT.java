package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pipeline files that YAML's other readers take for something else, or choke on: refused, with the place. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class BadPipelineFilesIT {

    private static final String KIND = "pipeline-invalid";
    private static final String HEAD = "name: main\non: manual\n";
    private static final String JOBS = "jobs: {a: {steps: [{name: a, run: 'true'}]}}\n";

    @TestHTTPResource
    URI base;

    private final String pipeline = "/api/v1/projects/shop-" + UUID.randomUUID() + "/pipelines/main";
    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
    }

    @AfterEach
    void aGoodFileIsStillTaken() {
        assertEquals(201, submit(HEAD + JOBS + "# " + UUID.randomUUID() + "\n").status());
    }

    @Test
    void allErrorsAreNamedAtOnceWithPlacesAndSuggestions() {
        Answer answer = submit("name: x\njbos: {}\njobs: {a: {stps: []}}\n");

        answer.checkProblem(422, KIND, "Expected a pipeline file", "wrong with it");
        JsonNode errors = answer.json().path("errors");
        assertTrue(errors.size() >= 2, answer.body());
        assertEquals("2:1", place(errors.get(0)));
        assertEquals("jobs", errors.get(0).path("suggestion").asText());
        assertEquals("3:12", place(errors.get(1)));
        assertEquals("steps", errors.get(1).path("suggestion").asText());
    }

    @Test
    void timesAreTimes() {
        for (String time : List.of("-1", "0", "1e309", "2147483648", "\"5\"", "true", "10y", "1000h")) {
            refused(
                    HEAD + "jobs: {a: {timeout: " + time + ", steps: [{run: 'true'}]}}\n",
                    "3:21",
                    "`timeout` as a time");
        }
    }

    @Test
    void nothingIsTriedAgainForEverAndNothingStartsEverySecond() {
        refused(
                HEAD + "jobs: {a: {retry: {max: 1000000000}, steps: [{run: x}]}}\n",
                "3:25",
                "`max` as a whole number from 1 to 10");
        refused(
                "name: main\non: {schedule: {cron: \"* * * * * *\"}}\n" + JOBS,
                "2:23",
                "runs do not start by the second");
    }

    @Test
    void aliasesAndMergesAreNeverReadAsText() {
        refused(HEAD + "env: &k {A: '1'}\njobs: {a: {env: *k, steps: [{run: x}]}}\n", "4:17", "`*k` is an alias");
        refused(HEAD + "jobs: {a: {env: {<<: {A: '1'}}, steps: [{run: x}]}}\n", "3:18", "`<<` would merge");
        StringBuilder laughs = new StringBuilder(HEAD + JOBS + "a0: &a0 [lol]\n");
        for (int level = 1; level <= 9; level++) {
            String nine = IntStream.range(0, 9).mapToObj(each(level)).collect(Collectors.joining(", "));
            laughs.append("a" + level + ": &a" + level + " [" + nine + "]\n");
        }
        refused(laughs.toString(), "4:5", "without an anchor");
    }

    @Test
    void tagsMakeNothing() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "!!java.net.URL ['http://127.0.0.1:" + listener.getLocalPort() + "/']";
            refused("!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[" + url + "]]]\n", "1:1", "tag");
            refused(HEAD + "env: {A: " + url + "}\n" + JOBS, "3:10", "without a tag");
            listener.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, listener::accept, "nobody has come");
        }
    }

    @Test
    void keysAreThereOnceAndDocumentsTooAndBothAreNamed() {
        refused(HEAD + "name: other\n" + JOBS, "3:1", "`name` is already on line 1");
        refused(HEAD + JOBS + "---\n" + HEAD + JOBS, "4:1", "here starts a second one");
    }

    @Test
    void nestingEnds() {
        refused("[".repeat(5_000), "1:51", "levels of nesting");
        refused("{a: ".repeat(5_000), "1:201", "levels of nesting");
    }

    @Test
    void everyValueIsTheTextThatIsWritten() {
        Map<String, String> written =
                Map.of("A", "3.10", "B", "no", "C", "010", "D", "12:30:45", "E", "1e3", "F", "2026-11-24", "G", "0x1F");
        String env = written.entrySet().stream()
                .map(value -> value.getKey() + ": " + value.getValue())
                .collect(Collectors.joining(", ", "env: {", "}\n"));
        assertEquals(201, submit(HEAD + env + JOBS).status());

        Answer accepted = client.post(pipeline + "/runs", "{\"branch\":\"main\"}");
        String events = URI.create(accepted.header("Location").orElseThrow()).getPath() + "/events";
        assertTrue(Await.until(
                Duration.ofSeconds(30),
                () -> client.get(events).json().path("items").size() > 0));
        JsonNode kept = client.get(events).json().at("/items/0/event/customData/plan/env");

        written.forEach((name, text) -> assertEquals(text, kept.path(name).asText()));
        assertEquals(written.size(), kept.size());
        assertTrue(kept.path("A").isTextual());
        for (String nothing : List.of("~", "null", "")) {
            refused(HEAD + "env: {A: " + nothing + "}\n" + JOBS, "3:", "variable `A` as text");
        }
    }

    @Test
    void filesHoldAPipelineInTextThatCanBeSeen() {
        refused("", "1:1", "the file is empty");
        refused("# nothing\n", "1:1", "the file is empty");
        refused(HEAD + "\ufeff" + JOBS, "3:1", "a byte order mark");
        refused("name: main\njobs:\n\ta: 1\n", "3:1", "indented with a tab");
        refused("name: \"a\\0b\"\n" + JOBS, "1:7", "NUL");
        refused("name: a\0b\n" + JOBS, "1:8", "NUL");
        for (Charset wide : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            refused(submit(HEAD + JOBS, wide), "1:", "UTF-8");
        }
        refused(submit("name: mäin\n" + JOBS, StandardCharsets.ISO_8859_1), "1:8", "UTF-8");
    }

    @Test
    void jobsCanBePutInOrderAndAreNotTooMany() {
        String run = "steps: [{run: x}]}";
        refused(HEAD + "jobs: {a: {needs: a, " + run + "}\n", "3:19", "`a` is this job");
        refused(HEAD + "jobs: {a: {needs: b, " + run + "}\n", "3:19", "there is no job `b`");
        refused(HEAD + "jobs: {a: {needs: b, " + run + ", b: {needs: a, " + run + "}\n", "3:19", "need each other");
        refused(HEAD + "jobs: {a: {matrix: {}, " + run + "}\n", "3:20", "at least one axis");
        refused(jobs(10_001, i -> "{" + run), "4:2", "at most 1000 jobs");
        refused(
                jobs(5_000, i -> i == 0 ? "{" + run : "{needs: " + name(i - 1) + ", " + run),
                "4:2",
                "at most 1000 jobs");
        refused(
                jobs(900, i -> i == 0 ? "{" + run : "{needs: " + name(i - 1) + ", " + run),
                "504:2",
                "one after the other");
    }

    /** So many jobs, in letters and digits as few as possible. */
    private static String jobs(int count, IntFunction<String> job) {
        return HEAD + "jobs:\n"
                + IntStream.range(0, count)
                        .mapToObj(i -> " " + name(i) + ": " + job.apply(i) + "\n")
                        .collect(Collectors.joining());
    }

    private static String name(int i) {
        return Integer.toString(10 * 36 * 36 + i, 36);
    }

    private static IntFunction<String> each(int level) {
        return i -> "*a" + (level - 1);
    }

    private void refused(String source, String place, String words) {
        refused(submit(source), place, words);
    }

    /** Checks that one of the errors is at this place and has these words. */
    private static void refused(Answer answer, String place, String words) {
        answer.checkProblem(422, KIND, words);
        boolean found = false;
        for (JsonNode error : answer.json().path("errors")) {
            found |= place(error).startsWith(place)
                    && error.path("detail").asText().contains(words);
        }
        assertTrue(found, answer.body());
    }

    private static String place(JsonNode error) {
        return error.path("line").asText() + ":" + error.path("column").asText();
    }

    private Answer submit(String source) {
        return submit(source, StandardCharsets.UTF_8);
    }

    private Answer submit(String source, Charset charset) {
        return client.send(
                "PUT", pipeline, Map.of("Content-Type", "application/yaml"), BodyPublishers.ofString(source, charset));
    }
}

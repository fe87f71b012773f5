package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Templates over REST, and pipelines that use them by their digests. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class TemplateIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String JAVA =
            "name: java\ninputs: {goal: {default: verify}}\njobs: {compile: {env: {GOAL: '${{ inputs.goal }}'}, steps: [make]}}\n";

    @TestHTTPResource
    URI base;

    private final String project = "shop-" + UUID.randomUUID();
    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
    }

    @Test
    void isUsedByItsDigestAndNeverChanges() {
        String reference = submitted("java", JAVA);
        String other = submitted("java", JAVA.replace("verify", "package"));
        assertTrue(reference.matches(project + "/java@sha256:[0-9a-f]{64}"), reference);
        assertTrue(!reference.equals(other));
        assertEquals(200, submit("java", JAVA).status(), "the same again");

        Answer pipeline = client.send(
                "PUT",
                "/api/v1/projects/" + project + "/pipelines/main",
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(using(reference)));
        assertEquals(201, pipeline.status(), pipeline.body());
        Answer started = client.post("/api/v1/projects/" + project + "/pipelines/main/runs", "{\"branch\":\"main\"}");
        String jobs = "/api/v1/runs/" + started.json().path("id").asText() + "/jobs";

        assertTrue(
                Await.until(PATIENCE, () -> names(client.get(jobs)).equals(List.of("build.compile"))),
                () -> client.get(jobs).body());
    }

    @Test
    void isSeenByLintAndPlan() throws IOException {
        String reference = submitted("java", JAVA);
        String nested = submitted("outer", "name: outer\njobs: {inner: {uses: '" + reference + "'}}\n");

        Answer linted = client.post("/api/v1/lint", json(Map.of("source", using(nested))));
        assertTrue(linted.json().path("valid").asBoolean(), linted.body());

        Answer planned = client.post(
                "/api/v1/plan",
                json(Map.of("source", using(nested), "event", Map.of("kind", "push", "branch", "main"))));
        assertEquals(200, planned.status(), planned.body());
        assertTrue(planned.body().contains("build.inner.compile"), planned.body());
    }

    @Test
    void isAnErrorWithItsPlaceWhereItIsUnknownOrForged() throws IOException {
        String unknown = project + "/java@sha256:" + "0".repeat(64);

        for (Map<String, String> given : List.of(Map.<String, String>of(), Map.of(unknown, JAVA))) {
            Answer answer = client.post("/api/v1/lint", json(Map.of("source", using(unknown), "templates", given)));

            JsonNode error = answer.json().at("/errors/0");
            assertEquals(
                    "3:17",
                    error.path("line").asInt() + ":" + error.path("column").asInt(),
                    answer.body());
            assertTrue(error.path("detail").asText().contains("there is no `" + project), answer.body());
        }
    }

    @Test
    void isRefusedWithAllThatIsWrongWithIt() {
        Answer answer = submit("java", "name: java\njobs: {a: {stpes: [make]}}\n");

        assertEquals(422, answer.status(), answer.body());
        assertEquals(2, answer.json().at("/errors/0/line").asInt(), answer.body());
        assertEquals("steps", answer.json().at("/errors/0/suggestion").asText(), answer.body());
    }

    @Test
    void isListedAndReadWithItsSource() {
        List<String> made = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            made.add(submitted(name, JAVA));
        }

        String list = "/api/v1/projects/" + project + "/templates";
        JsonNode first = client.get(list + "?limit=2").json();
        JsonNode second = client.get(
                        list + "?limit=2&cursor=" + first.path("next").asText())
                .json();
        List<String> listed = new ArrayList<>();
        first.path("items").forEach(item -> listed.add(item.path("reference").asText()));
        second.path("items").forEach(item -> listed.add(item.path("reference").asText()));

        assertEquals(made, listed);
        String path = list + "/a/" + made.get(0).replaceAll(".*:", "");
        assertEquals(JAVA, client.get(path).json().path("source").asText());
        assertEquals(404, client.get(list + "/a/" + "0".repeat(64)).status());
    }

    private String submitted(String template, String source) {
        Answer answer = submit(template, source);
        assertEquals(201, answer.status(), answer.body());
        return answer.json().path("reference").asText();
    }

    private Answer submit(String template, String source) {
        return client.send(
                "PUT",
                "/api/v1/projects/" + project + "/templates/" + template,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(source));
    }

    private static String using(String reference) {
        return "name: main\njobs:\n  build: {uses: '" + reference + "'}\n";
    }

    private static String json(Object value) throws IOException {
        return new ObjectMapper().writeValueAsString(value);
    }

    private static List<String> names(Answer jobs) {
        List<String> names = new ArrayList<>();
        jobs.json().path("items").forEach(job -> names.add(job.path("job").asText()));
        return names;
    }
}

package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.Envelope;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.pipeline.PipelineServers;
import dev.flujo.stack.Await;
import dev.flujo.stack.TestClient;
import dev.flujo.stack.TestClient.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pipelines over REST, through the real log into the real history. */
@QuarkusTest
@QuarkusTestResource(PipelineServers.class)
class PipelineIT {

    private static final String PLAN = "name: main\non: manual\njobs: {a: {steps: [{name: a, run: 'true'}]}}\n";

    @TestHTTPResource
    URI base;

    @Inject
    EventPublisher publisher;

    private final String project = "shop-" + UUID.randomUUID();
    private final String pipelines = "/api/v1/projects/" + project + "/pipelines";
    private TestClient client;

    @BeforeEach
    void begin() {
        client = TestClient.anonymous(base).with(PipelineServers.ADMIN).awaitReady();
    }

    @Test
    void theSameFileIsTheSameVersionAndAnotherIsANewOne() {
        Answer first = submit("main", PLAN);
        Answer same = submit("main", PLAN);
        Answer other = submit("main", PLAN + "# changed\n");

        assertEquals(List.of(201, 200, 201), List.of(first.status(), same.status(), other.status()));
        assertEquals(version(first), version(same));
        assertEquals(
                pipelines + "/main/versions/" + version(first),
                path(first.header("Location").orElseThrow()));
        JsonNode current = client.get(pipelines + "/main").json();
        assertEquals(version(other), current.path("version").asText());
        assertEquals(PLAN + "# changed\n", current.path("source").asText());
        assertEquals("bootstrap", current.path("by").asText());
        assertEquals(
                PLAN,
                client.get(pipelines + "/main/versions/" + version(first))
                        .json()
                        .path("source")
                        .asText());
        assertEquals(
                List.of(version(other), version(same), version(first)),
                texts(client.get(pipelines + "/main/versions").json(), "version"));
    }

    @Test
    void saysSinceWhenAPipelineIsGone() {
        submit("main", PLAN);
        PipelineGone gone =
                new PipelineGone(project, "main", Optional.of("0123456789abcdef"), "ana", Instant.ofEpochSecond(1));
        publisher.publishAndAwait(
                Topic.PIPELINES,
                Envelope.of(UUID.randomUUID().toString(), URI.create("/test"), Instant.now(), UUID.randomUUID(), gone));

        assertTrue(Await.until(
                Duration.ofSeconds(30),
                () -> client.get(pipelines + "/main").json().path("goneAt").isTextual()));
        JsonNode listed = client.get(pipelines).json().path("items").path(0);
        assertEquals("1970-01-01T00:00:01Z", listed.path("goneAt").asText());
        assertEquals("0123456789abcdef", listed.path("goneCommit").asText());

        submit("main", PLAN);

        assertTrue(Await.until(
                Duration.ofSeconds(30),
                () -> !client.get(pipelines + "/main").json().path("goneAt").isTextual()));
    }

    @Test
    void theRepositoryIsPartOfTheVersion() {
        String body =
                "{\"source\":\"" + PLAN.replace("\n", "\\n") + "\",\"repository\":\"https://git.example.com/a.git\"}";

        Answer without = submit("main", PLAN);
        Answer with = client.send(
                "PUT", pipelines + "/main", Map.of("Content-Type", "application/json"), BodyPublishers.ofString(body));

        assertEquals(201, with.status(), with.body());
        assertEquals(
                "https://git.example.com/a.git", with.json().path("repository").asText());
        assertTrue(!version(with).equals(version(without)));
    }

    @Test
    void whatWasSubmittedIsThereAtOnce() {
        for (int i = 0; i < 20; i++) {
            Answer submitted = submit("p" + i, PLAN + "# " + i + "\n");

            Answer read = client.get(pipelines + "/p" + i);

            assertEquals(200, read.status(), read.body());
            assertEquals(version(submitted), version(read));
        }
    }

    @Test
    void listsProjectsPipelinesAndVersionsPageByPage() {
        for (String name : List.of("c", "a", "e", "b", "d")) {
            submit(name, PLAN);
        }
        for (int i = 0; i < 3; i++) {
            submit("a", PLAN + "# " + i + "\n");
        }

        assertEquals(List.of("a", "b", "c", "d", "e"), pages(pipelines + "?limit=2", "pipeline"));
        assertEquals(4, pages(pipelines + "/a/versions?limit=2", "version").size());
        assertTrue(pages("/api/v1/projects?limit=1", "project").contains(project));
    }

    @Test
    void whatWasNeverSubmittedIsNotFound() {
        submit("main", PLAN);
        for (String path : List.of(
                pipelines + "/other",
                pipelines + "/other/versions",
                pipelines + "/main/versions/000000000000",
                "/api/v1/projects/nobody/pipelines/main")) {
            Answer answer = client.get(path);
            assertTrue(answer.status() == 404 && answer.isProblem(), path + " " + answer);
        }
    }

    @Test
    void namesArePlain() {
        for (String name : List.of("", " ", ".", "..", "a b", "-x", "x".repeat(64), "é", "a\u202eb", "a\u0000b", "ａ")) {
            String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
            for (String path : List.of(pipelines + "/" + encoded, "/api/v1/projects/" + encoded + "/pipelines/main")) {
                Answer answer = client.send(
                        "PUT", path, Map.of("Content-Type", "application/yaml"), BodyPublishers.ofString(PLAN));

                assertTrue(List.of(404, 405, 422).contains(answer.status()), path + " " + answer);
                assertTrue(answer.isProblem(), path + " " + answer);
            }
        }
    }

    @Test
    void bodiesAreWhatTheySay() {
        record Body(String type, String text, Charset charset, int status) {}
        Charset utf8 = StandardCharsets.UTF_8;
        for (Body body : List.of(
                new Body("application/json", "{\"source\":null}", utf8, 422),
                new Body("application/json", "{\"source\":5}", utf8, 400),
                new Body("application/json", "[]", utf8, 400),
                new Body("application/json", "", utf8, 400),
                new Body("text/plain", PLAN, utf8, 415),
                new Body("application/xml", PLAN, utf8, 415),
                new Body("multipart/form-data; boundary=x", PLAN, utf8, 415),
                new Body("application/yaml", PLAN.replace("main", "mäin"), StandardCharsets.ISO_8859_1, 422),
                new Body("application/yaml", PLAN, StandardCharsets.UTF_16, 422))) {
            Answer answer = client.send(
                    "PUT",
                    pipelines + "/main",
                    Map.of("Content-Type", body.type()),
                    BodyPublishers.ofString(body.text(), body.charset()));

            assertEquals(body.status(), answer.status(), body.type() + " " + answer);
            assertTrue(answer.isProblem(), answer.toString());
        }
    }

    private Answer submit(String pipeline, String source) {
        return client.send(
                "PUT",
                pipelines + "/" + pipeline,
                Map.of("Content-Type", "application/yaml"),
                BodyPublishers.ofString(source));
    }

    private List<String> pages(String path, String field) {
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.get(path + cursor).json();
            found.addAll(texts(page, field));
            cursor = page.hasNonNull("next") ? "&cursor=" + page.path("next").asText() : "";
        } while (!cursor.isEmpty());
        return found;
    }

    private static List<String> texts(JsonNode page, String field) {
        List<String> texts = new ArrayList<>();
        page.path("items").forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    private static String version(Answer answer) {
        return answer.json().path("version").asText();
    }

    private static String path(String location) {
        return URI.create(location).getPath();
    }
}

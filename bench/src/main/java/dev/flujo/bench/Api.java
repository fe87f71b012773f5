package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The few calls of the public REST API that the measurements need; an answer that is no success ends the measurement. */
final class Api {

    private static final String DATA = "data:";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .executor(Executors.newFixedThreadPool(2, task -> {
                Thread thread = new Thread(task, "client");
                thread.setDaemon(true);
                return thread;
            }))
            .build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final String base;
    private final String token;

    Api(String base, String token) {
        this.base = base;
        this.token = token;
    }

    void submit(String project, String yaml) {
        submitAt("/api/v1/projects/" + project + "/pipelines/main", yaml);
    }

    /** Submits a pipeline whose jobs check out this repository. */
    void submit(String project, String yaml, String repository) {
        submitAt(
                "/api/v1/projects/" + project + "/pipelines/main?repository="
                        + URLEncoder.encode(repository, StandardCharsets.UTF_8),
                yaml);
    }

    private void submitAt(String path, String yaml) {
        expectSuccess(send(request(path)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(yaml))
                .build()));
    }

    /** Asks for a run of a project's pipeline; gives its id when the request is accepted. */
    CompletableFuture<String> start(String project) {
        return startWith(project, "{\"branch\":\"main\"}");
    }

    /** Asks for a run of it for this commit. */
    CompletableFuture<String> start(String project, String commit) {
        return startWith(project, "{\"branch\":\"main\",\"commit\":\"" + commit + "\"}");
    }

    private CompletableFuture<String> startWith(String project, String body) {
        HttpRequest request = request("/api/v1/projects/" + project + "/pipelines/main/runs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            String location =
                    expectSuccess(answer).headers().firstValue("Location").orElseThrow();
            return location.substring(location.lastIndexOf('/') + 1);
        });
    }

    /** Asks for what is there; done when the answer is. */
    CompletableFuture<?> ask(String path) {
        return client.sendAsync(request(path).GET().build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(Api::expectSuccess);
    }

    void put(String path, String json) {
        expectSuccess(send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build()));
    }

    void post(String path, String json) {
        expectSuccess(send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build()));
    }

    /** What is at a path, unless nothing is there now. */
    Optional<JsonNode> find(String path) {
        HttpResponse<String> answer = send(request(path).GET().build());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(json(path, answer));
    }

    JsonNode get(String path) {
        return json(path, send(request(path).GET().build()));
    }

    /** Hands on the data of each event of a stream as it comes; returns when the stream ends. */
    void follow(String path, Consumer<String> data) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "text/event-stream")
                .build();
        HttpResponse<Stream<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofLines()).join();
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("Expected to follow " + path + ", but it answered " + answer.statusCode());
        }
        try (Stream<String> lines = answer.body()) {
            lines.filter(line -> line.startsWith(DATA))
                    .forEach(line -> data.accept(line.substring(DATA.length()).strip()));
        }
    }

    private JsonNode json(String path, HttpResponse<String> answer) {
        try {
            return mapper.readTree(expectSuccess(answer).body());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected JSON at " + path, e);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> expectSuccess(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException("Expected " + answer.uri() + " to succeed, but it answered "
                    + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }
}

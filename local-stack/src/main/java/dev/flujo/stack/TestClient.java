package dev.flujo.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller of a service's REST interface, for tests: sends what it is told to and shows what came back. */
public final class TestClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;
    private final Optional<String> token;

    private TestClient(URI base, Optional<String> token) {
        this.base = base;
        this.token = token;
    }

    /** A caller without a token. */
    public static TestClient anonymous(URI base) {
        return new TestClient(base, Optional.empty());
    }

    /** The same place with this token. */
    public TestClient with(String otherToken) {
        return new TestClient(base, Optional.of(otherToken));
    }

    /** What a service has answered. */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** The body as JSON. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("Expected JSON, but found " + body, e);
            }
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }

        /** Whether it is a problem as RFC 9457 wants it, with the sentence that every one of ours has. */
        public boolean isProblem() {
            JsonNode problem = header("Content-Type").orElse("").startsWith("application/problem+json") ? json() : null;
            return problem != null
                    && problem.path("status").asInt() == status
                    && problem.path("type").asText().startsWith("https://flujo.dev/problems/")
                    && !problem.path("title").asText().isEmpty()
                    && problem.path("detail").asText().startsWith("Expected ");
        }

        /** Checks that this is a problem of this kind that has all of these words. */
        public void checkProblem(int expected, String kind, String... words) {
            boolean right = status == expected
                    && isProblem()
                    && json().path("type").asText().endsWith("/" + kind);
            if (!right || !List.of(words).stream().allMatch(body::contains)) {
                throw new AssertionError("Expected " + expected + " " + kind + " with the words " + List.of(words)
                        + ", but found " + this);
            }
        }
    }

    /** Waits until the service is ready; gives this caller. */
    public TestClient awaitReady() {
        if (!Await.until(PATIENCE, () -> get("/q/health/ready").status() == 200)) {
            throw new AssertionError("Expected a service that is ready, but " + get("/q/health/ready"));
        }
        return this;
    }

    public Answer get(String path) {
        return send("GET", path, Map.of(), BodyPublishers.noBody());
    }

    public Answer post(String path, String json) {
        return send("POST", path, Map.of("Content-Type", "application/json"), BodyPublishers.ofString(json));
    }

    /** Sends any request; the path is taken as it is, and must be a valid one of a URI. */
    public Answer send(String method, String path, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(root() + path)).method(method, body);
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        headers.forEach(request::header);
        try {
            HttpResponse<String> answer = http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Map<String, String> received = new HashMap<>();
            answer.headers().map().forEach((name, values) -> received.put(name, String.join(", ", values)));
            return new Answer(answer.statusCode(), received, answer.body());
        } catch (ExecutionException | TimeoutException e) {
            throw new UncheckedIOException(
                    new IOException("Expected an answer to " + method + " " + path + ", but " + e, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value of a metric: that of the first line which begins so. */
    public Optional<Double> metric(String start) {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst();
    }

    private String root() {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}

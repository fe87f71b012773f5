package dev.flujo.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A user of the REST API who repeats a request with the same Idempotency-Key until it is accepted, as users should. */
final class Client {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<String> bases;
    private final String token;
    private final AtomicInteger turn = new AtomicInteger();

    Client(String base, String token) {
        this(List.of(base), token);
    }

    /** A user behind a load balancer: each request goes to the next replica, and is repeated at another one. */
    Client(List<String> bases, String token) {
        this.bases = List.copyOf(bases);
        this.token = token;
    }

    void submit(String project, String pipeline, String query, String yaml) {
        HttpRequest request = request("/api/v1/projects/" + project + "/pipelines/" + pipeline + query)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofString(yaml))
                .build();
        untilAccepted(request);
    }

    /** Starts a run; repeated with the same key until it is accepted. Gives the run's id. */
    String start(String project, String pipeline, String body) {
        HttpRequest request = request("/api/v1/projects/" + project + "/pipelines/" + pipeline + "/runs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String location =
                untilAccepted(request).headers().firstValue("Location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    /** Asks for something without a body, such as a run to be cancelled; repeated until it is accepted. */
    void post(String path) {
        untilAccepted(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
    }

    /** Somebody else who may write, by a token of his own. */
    Client as(String name) {
        HttpRequest request = json("POST", "/api/v1/tokens", "{\"name\":\"" + name + "\",\"scopes\":[\"write\"]}");
        try {
            return new Client(
                    bases,
                    mapper.readTree(untilAccepted(request).body()).path("token").asText());
        } catch (IOException e) {
            throw new AssertionError("Expected a token", e);
        }
    }

    /** The answer to a request with a JSON body, repeated until there is one of the service itself. */
    int status(String method, String path, String body) {
        HttpRequest request = json(method, path, body);
        HttpResponse<String> answer = attempt(request);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while ((answer == null || answer.statusCode() >= 500) && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(100).toNanos());
            answer = attempt(request);
        }
        return answer == null ? 0 : answer.statusCode();
    }

    /** The answer to a request to start a run, whatever it is; the key makes a repeated one the same. */
    Optional<HttpResponse<String>> tryToStart(String project, String pipeline, String key) {
        HttpRequest request = request("/api/v1/projects/" + project + "/pipelines/" + pipeline + "/runs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"branch\":\"main\"}"))
                .build();
        return Optional.ofNullable(attempt(request));
    }

    private HttpRequest json(String method, String path, String body) {
        return request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** The answer to a GET if it is 200. */
    Optional<JsonNode> get(String path) {
        try {
            HttpResponse<String> answer =
                    http.send(toNextReplica(request(path).GET().build()), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(mapper.readTree(answer.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The answer to a GET, whatever it is. */
    HttpResponse<String> answer(String path) {
        return untilAccepted(request(path).GET().build());
    }

    /** The state of a run as the history has it; empty while it cannot be asked. */
    Optional<String> state(String run) {
        return get("/api/v1/runs/" + run).map(node -> node.path("state").asText());
    }

    /** The whole run log. */
    List<JsonNode> events(String run) {
        List<JsonNode> events = new ArrayList<>();
        String cursor = "";
        while (true) {
            String path = "/api/v1/runs/" + run + "/events?limit=200" + cursor;
            JsonNode page = get(path).orElseThrow(() -> new AssertionError("Expected a page at " + path));
            page.path("items").forEach(events::add);
            JsonNode next = page.path("next");
            if (next.isMissingNode() || next.isNull()) {
                return events;
            }
            cursor = "&cursor=" + next.asText();
        }
    }

    private HttpResponse<String> untilAccepted(HttpRequest request) {
        HttpResponse<String> answer = attempt(request);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (answer == null || answer.statusCode() >= 500) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected " + request.uri() + " to be accepted within " + PATIENCE
                        + ", but the last answer was " + (answer == null ? "none" : answer.body()));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(100).toNanos());
            answer = attempt(request);
        }
        if (answer.statusCode() >= 300) {
            throw new AssertionError("Expected " + request.uri() + " to be accepted, but it answered "
                    + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    private HttpResponse<String> attempt(HttpRequest request) {
        try {
            return http.send(toNextReplica(request), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest toNextReplica(HttpRequest request) {
        if (bases.size() == 1) {
            return request;
        }
        String base = bases.get(Math.floorMod(turn.getAndIncrement(), bases.size()));
        String path = request.uri().toString().substring(bases.get(0).length());
        return HttpRequest.newBuilder(request, (name, value) -> true)
                .uri(URI.create(base + path))
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(bases.get(0) + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token);
    }
}

package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The few calls of the public REST API that the measurements need. */
final class Api {

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final String base;
    private final String token;

    Api(String base, String token) {
        this.base = base;
        this.token = token;
    }

    void submitPipeline(String project, String pipeline, String yaml) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                request("/api/v1/projects/" + project + "/pipelines/" + pipeline)
                        .header("Content-Type", "application/yaml")
                        .PUT(HttpRequest.BodyPublishers.ofString(yaml))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        expect(answer, 2);
    }

    /** Asks for a run; gives its id when the request is accepted. */
    CompletableFuture<String> start(String project, String pipeline) {
        HttpRequest request = request("/api/v1/projects/" + project + "/pipelines/" + pipeline + "/runs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"branch\":\"main\"}"))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            expect(answer, 2);
            return answer.headers()
                    .firstValue("Location")
                    .map(location -> location.substring(location.lastIndexOf('/') + 1))
                    .orElseThrow();
        });
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
        expect(answer, 2);
        return mapper.readTree(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private static void expect(HttpResponse<String> answer, int hundreds) {
        if (answer.statusCode() / 100 != hundreds) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            throw new IllegalStateException("Expected " + answer.uri() + " to succeed, but it answered "
                    + answer.statusCode() + ": " + new String(body, 0, Math.min(500, body.length), StandardCharsets.UTF_8));
        }
    }
}

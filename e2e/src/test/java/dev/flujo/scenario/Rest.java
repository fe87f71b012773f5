package dev.flujo.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Flujo's API, as somebody with a token calls it. */
final class Rest {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String url;
    private final String token;

    Rest(String url, String token) {
        this.url = url;
        this.token = token;
    }

    HttpResponse<String> send(String method, String path, Object body) {
        return send(method, path, body, token);
    }

    HttpResponse<String> send(String method, String path, Object body, String caller) {
        return send(method, path, body, caller, Optional.empty());
    }

    HttpResponse<String> send(String method, String path, Object body, Optional<String> idempotencyKey) {
        return send(method, path, body, token, idempotencyKey);
    }

    private HttpResponse<String> send(
            String method, String path, Object body, String caller, Optional<String> idempotencyKey) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
            idempotencyKey.ifPresent(key -> request.header("Idempotency-Key", key));
            request.timeout(Duration.ofSeconds(30))
                    .header("Authorization", "Bearer " + caller)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("Expected an answer to " + method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode tree(HttpResponse<String> answer) {
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("Expected JSON, but it is " + answer.body(), e);
        }
    }
}

package dev.flujo.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The REST interface of Flujo, with the token of the first administrator. */
public final class Rest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final String url;
    private final String token;

    public Rest(String url, String token) {
        this.url = url;
        this.token = token;
    }

    public ObjectMapper mapper() {
        return mapper;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return json(authorised(path).timeout(PATIENCE).build());
    }

    public JsonNode put(String path, JsonNode body) throws IOException, InterruptedException {
        return json(authorised(path)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)))
                .build());
    }

    /** Sends a JSON object, as the administrator. */
    public JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
        return json(authorised(path)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(mapper.writeValueAsBytes(body)))
                .build());
    }

    /** Sends these very bytes, without a token: their headers say who sends them. */
    public JsonNode post(String path, byte[] body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return json(request.build());
    }

    /** The stream of server-sent events at a path, after the one with this id. */
    public InputStream stream(String path, String after) throws IOException, InterruptedException {
        HttpRequest.Builder request = authorised(path).header("Accept", "text/event-stream");
        if (!after.isEmpty()) {
            request.header("Last-Event-ID", after);
        }
        HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            try (InputStream body = answer.body()) {
                throw refused(answer, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return answer.body();
    }

    private HttpRequest.Builder authorised(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    private JsonNode json(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw refused(answer, answer.body());
        }
        return mapper.readTree(answer.body().isEmpty() ? "{}" : answer.body());
    }

    private static StackException refused(HttpResponse<?> answer, String body) {
        return new StackException("Expected " + answer.request().method() + " " + answer.uri()
                + " to succeed, but it answered " + answer.statusCode() + ": " + body.strip());
    }
}

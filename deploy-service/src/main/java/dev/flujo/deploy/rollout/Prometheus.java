package dev.flujo.deploy.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A Prometheus, or whatever answers like one. */
final class Prometheus {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI address;

    Prometheus(URI address) {
        this.address = address;
    }

    /**
     * The number that a query gives now.
     *
     * @throws IOException if it gives none, or several
     */
    double number(String query) throws IOException, InterruptedException {
        URI uri = URI.create(address.toString().replaceFirst("/+$", "") + "/api/v1/query?query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("Expected an answer of Prometheus, but it is " + answer.statusCode());
        }
        JsonNode data = JSON.readTree(answer.body()).path("data");
        JsonNode result = data.path("result");
        JsonNode value = data.path("resultType").asText().equals("scalar")
                ? result
                : result.path(0).path("value");
        if (!data.path("resultType").asText().equals("scalar") && result.size() != 1) {
            throw new IOException("Expected one number from the query, but it gives " + result.size());
        }
        double number = Double.parseDouble(value.path(1).asText("NaN"));
        if (!Double.isFinite(number)) {
            throw new IOException("Expected a number from the query, but it is "
                    + value.path(1).asText());
        }
        return number;
    }
}

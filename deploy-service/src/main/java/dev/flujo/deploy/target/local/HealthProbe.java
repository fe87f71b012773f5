package dev.flujo.deploy.target.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks replicas whether they may serve. */
final class HealthProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** Which of the replicas answer 2xx at the path, in their order; all are asked at once. */
    List<Boolean> passing(List<Replica> replicas, String path) throws IOException {
        List<CompletableFuture<Boolean>> asked = new ArrayList<>();
        for (Replica replica : replicas) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.port() + path))
                    .timeout(PATIENCE)
                    .build();
            asked.add(http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenApply(answer -> answer.statusCode() >= 200 && answer.statusCode() < 300)
                    .exceptionally(notYet -> false));
        }
        return asked.stream().map(CompletableFuture::join).toList();
    }
}

package dev.flujo.deploy.target.local;

import dev.flujo.deploy.Target.StopSign;
import dev.flujo.event.plan.HealthCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits until a release that has been started may serve. */
final class HealthProbe {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /**
     * Returns when the release's own process is alive and its health check passes, or when it never will.
     *
     * @param stop asked between two looks
     * @return why it does not become healthy; empty if it is
     */
    Optional<String> await(Release release, int port, HealthCheck health, StopSign stop)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + health.path());
        Instant end = Instant.parse(release.settled("began", Instant.now().toString()))
                .plus(health.timeout());
        while (true) {
            boolean passes = passes(uri);
            boolean started = release.started();
            boolean alive = release.process().isPresent();
            Optional<String> reason = stop.reason();
            if (reason.isPresent()) {
                return reason.map(why -> "it was stopped before it took over: " + why);
            }
            if (passes && alive) {
                return Optional.empty();
            }
            if (started && !alive) {
                return Optional.of(
                        "the command ended before the health check passed; its last words: " + release.lastWords());
            }
            if (Instant.now().isAfter(end)) {
                return Optional.of("the health check " + health.path() + " did not pass within "
                        + health.timeout().toSeconds() + " s; last words of the command: " + release.lastWords());
            }
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
        }
    }

    private boolean passes(URI uri) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException notYet) {
            return false;
        }
    }
}

package dev.flujo.stack.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Asks the application again and again, from the moment it serves, and counts the answers that did not come. */
final class Visitor implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI address;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread visitor = new Thread(work, "visitor");
        visitor.setDaemon(true);
        return visitor;
    });
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());

    Visitor(String address) {
        this.address = URI.create(address.endsWith("/") ? address : address + "/");
    }

    /** The application's answer now. */
    String ask() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(address + " answered " + answer.statusCode() + ": "
                    + answer.body().strip());
        }
        return answer.body();
    }

    /** Begins to ask. */
    void begin() {
        thread.scheduleWithFixedDelay(this::count, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    int answered() {
        return answered.get();
    }

    /** The first answer that was none. */
    Optional<String> trouble() {
        return trouble.get();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void count() {
        try {
            ask();
            answered.incrementAndGet();
        } catch (IOException e) {
            trouble.compareAndSet(Optional.empty(), Optional.of(e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

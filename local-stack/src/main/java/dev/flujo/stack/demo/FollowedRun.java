package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A run that the demo follows live, from its first event to its last. */
final class FollowedRun {

    private static final Duration TO_APPEAR = Duration.ofSeconds(30);
    private static final Duration TO_END = Duration.ofMinutes(15);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Rest rest;
    private final String id;
    private final List<RunEvent> events = new ArrayList<>();
    private String lastId = "";

    private FollowedRun(Rest rest, String id) {
        this.rest = rest;
        this.id = id;
    }

    /** The run that a commit has started. */
    static FollowedRun of(Rest rest, String project, String commit) {
        AtomicReference<String> found = new AtomicReference<>("");
        boolean there = Await.until(TO_APPEAR, () -> {
            found.set(find(rest, project, commit));
            return !found.get().isEmpty();
        });
        if (!there) {
            throw new StackException("Expected a run of commit " + commit + " within " + TO_APPEAR.toSeconds()
                    + " s, but there is none; see ./flujo logs pipeline-service");
        }
        return new FollowedRun(rest, found.get());
    }

    /** Where a run's live stream is. */
    static String path(String run) {
        return "/api/v1/runs/" + run + "/events/stream";
    }

    String id() {
        return id;
    }

    List<RunEvent> events() {
        return List.copyOf(events);
    }

    /** The run's last word: its outcome, or why it has none. */
    String outcome() {
        RunEvent last = events.get(events.size() - 1);
        return last.text("outcome").isEmpty() ? last.text("reason") : last.text("outcome");
    }

    /** Tells every event as it comes; returns after the last. */
    void follow(Consumer<RunEvent> told) throws InterruptedException {
        CompletableFuture<Void> following = CompletableFuture.runAsync(() -> readToTheEnd(told));
        try {
            following.get(TO_END.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new StackException(
                    "Expected run " + id + " to end within " + TO_END.toMinutes() + " minutes, but it has not", e);
        } catch (ExecutionException e) {
            throw new StackException(
                    "Expected to follow run " + id + ", but " + e.getCause().getMessage(), e);
        }
    }

    private void readToTheEnd(Consumer<RunEvent> told) {
        try {
            while (events.isEmpty() || !events.get(events.size() - 1).last()) {
                read(told);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Expected to follow run " + id + ", but was interrupted", e);
        }
    }

    /** Reads one connection's worth; where the stream breaks off, the next one goes on after the last event. */
    private void read(Consumer<RunEvent> told) throws IOException, InterruptedException {
        StringBuilder data = new StringBuilder();
        String eventId = lastId;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(rest.stream(path(id), lastId), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    data.append(line.substring("data:".length()));
                } else if (line.startsWith("id:")) {
                    eventId = line.substring("id:".length()).strip();
                } else if (line.isEmpty() && data.length() > 0) {
                    RunEvent event = RunEvent.of(rest.mapper().readTree(data.toString()));
                    data.setLength(0);
                    lastId = eventId;
                    events.add(event);
                    told.accept(event);
                    if (event.last()) {
                        return;
                    }
                }
            }
        }
    }

    private static String find(Rest rest, String project, String commit) {
        try {
            JsonNode runs = rest.get("/api/v1/runs?project=" + project + "&commit=" + commit);
            return RunEvent.text(runs.path("items").path(0).path("id"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Expected to find the run, but was interrupted", e);
        }
    }
}

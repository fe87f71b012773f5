package dev.flujo.stack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.LocalStack;
import dev.flujo.stack.Rest;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** What is left to see once the last commit is live: history, times, DORA's keys, and where to go on. */
final class Ending {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int DEPLOYED = 2;
    private static final Map<String, String> KEYS = Map.of(
            "deploymentFrequency", "deployment frequency",
            "changeLeadTime", "change lead time",
            "changeFailRate", "change fail rate",
            "failedDeploymentRecoveryTime", "failed deployment recovery time",
            "deploymentReworkRate", "deployment rework rate");

    private final Screen screen;
    private final Rest rest;
    private final LocalStack stack;

    Ending(Screen screen, Rest rest, LocalStack stack) {
        this.screen = screen;
        this.rest = rest;
        this.stack = stack;
    }

    void tell(Story.End end) throws IOException, InterruptedException {
        screen.heading("The last run's events, from the history in Cassandra");
        List<RunEvent> events = history(end.run());
        events.forEach(event -> Story.show(screen, events.get(0), event));
        screen.line("");
        screen.line(String.format(
                Locale.ROOT,
                "  from trigger to first step, checkout included: %.3f s",
                toFirstStep(events).toMillis() / 1000.0));
        screen.heading("DORA's keys of production, from the events");
        dora();
        addresses(end);
    }

    private List<RunEvent> history(String run) throws InterruptedException {
        AtomicReference<List<RunEvent>> events = new AtomicReference<>(List.of());
        boolean whole = Await.until(PATIENCE, () -> {
            events.set(events(run));
            return events.get().stream().anyMatch(RunEvent::last);
        });
        if (!whole) {
            throw new StackException("Expected the history to hold the end of run " + run + " within "
                    + PATIENCE.toSeconds() + " s, but it holds " + events.get().size() + " events without it");
        }
        return events.get();
    }

    private List<RunEvent> events(String run) {
        List<RunEvent> events = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    get("/api/v1/runs/" + run + "/events?limit=200" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.path("items").forEach(item -> events.add(RunEvent.of(item)));
            cursor = RunEvent.text(page.path("next"));
        } while (!cursor.isEmpty());
        return events;
    }

    private static Duration toFirstStep(List<RunEvent> events) {
        Instant trigger = events.stream()
                .filter(event -> event.type().equals("pipelinerun.queued"))
                .map(event -> Instant.parse(
                        event.said().path("cause").path("receivedAt").asText()))
                .findFirst()
                .orElseThrow(() -> new StackException("Expected the history to begin with the queued run"));
        Instant step = events.stream()
                .filter(event -> event.type().equals("step.started"))
                .map(event -> Instant.parse(event.text("startedAt")))
                .findFirst()
                .orElseThrow(() -> new StackException("Expected a started step in the history, but there is none"));
        return Duration.between(trigger, step);
    }

    private void dora() throws InterruptedException {
        AtomicReference<JsonNode> keys = new AtomicReference<>();
        boolean there = Await.until(PATIENCE, () -> {
            keys.set(production());
            return deployments(keys.get()) >= DEPLOYED;
        });
        if (!there) {
            throw new StackException("Expected metrics-service to count at least " + DEPLOYED + " deployments within "
                    + PATIENCE.toSeconds() + " s, but it counts " + deployments(keys.get()));
        }
        screen.line(String.format("  %-34s %d", "deployments in 30 days", deployments(keys.get())));
        keys.get()
                .properties()
                .forEach(key -> screen.line(String.format(
                        "  %-34s %s", KEYS.getOrDefault(key.getKey(), key.getKey()), shown(key.getValue()))));
    }

    private JsonNode production() {
        JsonNode found = rest.mapper().createObjectNode();
        for (JsonNode place :
                get("/api/v1/metrics/dora?project=" + Story.PROJECT).path("environments")) {
            if (place.path("environment").asText().equals(Story.ENVIRONMENT)) {
                found = place.path("keys");
            }
        }
        return found;
    }

    private static int deployments(JsonNode keys) {
        return keys.path("deploymentFrequency")
                .path("details")
                .path("deployments")
                .asInt();
    }

    private static String shown(JsonNode key) {
        return key.path("value").isNumber()
                ? String.format(
                        Locale.ROOT,
                        "%.3f %s",
                        key.path("value").asDouble(),
                        key.path("unit").asText())
                : "none: " + key.path("reason").asText();
    }

    private void addresses(Story.End end) {
        screen.heading("Everything was as it should be; the stack stays up");
        screen.line("  the web shop    " + end.address());
        screen.line("  REST            " + stack.url() + "/api/v1/runs/" + end.run());
        screen.line("  OpenAPI         " + stack.url() + "/q/openapi");
        screen.line("  token           " + stack.home().resolve("secrets/bootstrap-token")
                + " (header: Authorization: Bearer <token>)");
        screen.line("  the repository  " + stack.home().resolve("demo/web-shop"));
        screen.line("  Kafka           " + stack.kafka().bootstrapServers());
        screen.line("  Cassandra       " + stack.cassandra().contactPoint());
        screen.line("  ./flujo status, ./flujo logs SERVICE, ./flujo down");
    }

    private JsonNode get(String path) {
        try {
            return rest.get(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackException("Expected an answer of " + path + ", but was interrupted", e);
        }
    }
}

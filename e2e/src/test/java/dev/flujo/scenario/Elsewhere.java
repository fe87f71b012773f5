package dev.flujo.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** What happens by itself, or in other pipelines, and starts the one of a scenario: times, ends of runs, deployments. */
final class Elsewhere {

    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A server that answers everything with 200, in the words of the dummy executor. */
    private static final String SERVER = "import com.sun.net.httpserver.HttpServer; public class Serve {"
            + " public static void main(String[] arguments) throws Exception { HttpServer server = HttpServer.create("
            + "new java.net.InetSocketAddress(\"127.0.0.1\", Integer.parseInt(System.getenv(\"PORT\"))), 0);"
            + " server.createContext(\"/\", exchange -> { exchange.sendResponseHeaders(200, -1); exchange.close(); });"
            + " server.start(); } }";

    private final Rest rest;

    Elsewhere(Rest rest) {
        this.rest = rest;
    }

    /** Lets it happen; gives the run that it starts, if it shall. */
    Optional<UUID> happen(String project, String kind, Map<String, Object> event, boolean starts) {
        Set<UUID> before = runs(project, "main");
        switch (kind) {
            case "upstream" -> finish(project, event);
            case "deployment" -> deploy(project, event);
            default -> {
                // Times come by themselves.
            }
        }
        return starts ? Optional.of(next(project, before, text(event, "branch", "main"))) : Optional.empty();
    }

    private void finish(String project, Map<String, Object> event) {
        boolean good = text(event, "outcome", "succeeded").equals("succeeded");
        String where = text(event, "project", project);
        String pipeline = text(event, "pipeline", "");
        run(where, pipeline, "jobs: {a: {steps: [" + (good ? "print a" : "exit 1") + "]}}\n", event);
    }

    private void deploy(String project, Map<String, Object> event) {
        boolean good = text(event, "outcome", "succeeded").equals("succeeded");
        run(
                project,
                "ship",
                """
                jobs:
                  build:
                    steps:
                      - run: |
                          write Serve.java %s
                    artifacts: {paths: [Serve.java]}
                  ship:
                    needs: build
                    deploy:
                      environment: %s
                      from: build
                      start: %s
                      health: {path: /, timeout: %s}
                """
                        .formatted(
                                SERVER,
                                text(event, "environment", ""),
                                good ? "exec java Serve.java" : "exit 1",
                                good ? "60s" : "2s"),
                event);
    }

    /** Runs a pipeline to its end. */
    private void run(String project, String pipeline, String jobs, Map<String, Object> event) {
        String path = "/api/v1/projects/" + project + "/pipelines/" + pipeline;
        accepted(rest.send("PUT", path, Map.of("source", "name: " + pipeline + "\non: manual\n" + jobs)));
        JsonNode run = accepted(rest.send("POST", path + "/runs", Map.of("branch", text(event, "branch", "main"))));
        String id = run.path("id").asText();
        await(() -> !rest.tree(rest.send("GET", "/api/v1/runs/" + id, null))
                .path("finishedAt")
                .asText("")
                .isEmpty());
    }

    private JsonNode accepted(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new AssertionError("Expected to be let, but " + answer.body());
        }
        return rest.tree(answer);
    }

    /** The run that was not there before. */
    private UUID next(String project, Set<UUID> before, String branch) {
        Set<UUID> fresh = new HashSet<>();
        await(() -> {
            fresh.addAll(runs(project, "main&branch=" + branch));
            fresh.removeAll(before);
            return !fresh.isEmpty();
        });
        return fresh.iterator().next();
    }

    private Set<UUID> runs(String project, String pipeline) {
        Set<UUID> runs = new HashSet<>();
        rest.tree(rest.send("GET", "/api/v1/runs?limit=200&project=" + project + "&pipeline=" + pipeline, null))
                .path("items")
                .forEach(item -> runs.add(UUID.fromString(item.path("id").asText())));
        return runs;
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Expected that to happen within " + PATIENCE);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String text(Map<String, Object> event, String field, String otherwise) {
        return String.valueOf(event.getOrDefault(field, otherwise));
    }
}

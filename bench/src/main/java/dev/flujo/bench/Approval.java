package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a person's promotion of a deployment that waits for it to the first command of its application. The application ends at once, so
 * that each deployment is the first of its environment again.
 */
final class Approval implements Measurement {

    private static final String PROJECT = "approval";
    private static final int WARM_UP = 10;
    private static final int DEPLOYMENTS = 40;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        Witness witness = session.witness(PROJECT);
        session.api().submit(PROJECT, Pipelines.deployment(witness.command("applied")));
        session.api().put("/api/v1/environments/" + PROJECT + "/production/rules", "{\"approval\": true}");
        List<Double> times = new ArrayList<>();
        try (RunLog log = session.runLog()) {
            for (int i = 0; i < WARM_UP + DEPLOYMENTS; i++) {
                String run = session.api().start(PROJECT).join();
                double promoted = promote(session);
                log.await(session, i + 1);
                Map<String, Double> marks = witness.millisByRun().getOrDefault(run, Map.of());
                if (!marks.containsKey("applied")) {
                    throw new IllegalStateException("Expected run " + run + " to apply its deployment, but it did not");
                }
                if (i >= WARM_UP) {
                    times.add(marks.get("applied") - promoted);
                }
            }
        }
        Latencies latencies = Latencies.of(times);
        return List.of(
                Figure.atMost(
                        "approval to apply, p50 of " + latencies.count() + " deployments",
                        latencies.percentile(0.5),
                        "ms",
                        50),
                Figure.shown("approval to apply, p99", latencies.percentile(0.99), "ms"));
    }

    /** Promotes what waits, and says when it was asked to. */
    private static double promote(Session session) {
        String address = "/api/v1/environments/" + PROJECT + "/production/rollout";
        List<JsonNode> waiting = new ArrayList<>();
        session.await(() -> "a deployment that waits for a person", () -> {
            Optional<JsonNode> rollout = session.api().find(address).filter(found -> found.has("question"));
            rollout.ifPresent(waiting::add);
            return rollout.isPresent();
        });
        String body = "{\"deployment\": \"%s\", \"stage\": %d, \"promote\": true}"
                .formatted(
                        waiting.get(0).path("deployment").asText(),
                        waiting.get(0).path("stage").asInt());
        Instant now = Instant.now();
        session.api().post(address, body);
        return now.getEpochSecond() * 1e3 + now.getNano() / 1e6;
    }
}

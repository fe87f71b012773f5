package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs of very many jobs that do nothing: all beside each other, and each after the one before. What the jobs themselves do
 * not take of the time is the orchestrator's, with the topics and the runner's way from an assignment to the start.
 */
final class BigRuns implements Measurement {

    private static final int BESIDE = 1000;
    private static final int CHAINED = 500;
    private static final int SLOTS = 64;

    @Override
    public List<Figure> measure(Session session) throws InterruptedException {
        session.runWith("dummy", SLOTS);
        execute(session, "warm-up-wide", Pipelines.beside(100, "print hello"));
        List<Figure> figures = new ArrayList<>();
        figures.addAll(figures(
                "a run of " + BESIDE + " jobs beside each other",
                execute(session, "wide", Pipelines.beside(BESIDE, "print hello")),
                SLOTS));
        figures.addAll(figures(
                "a run of " + CHAINED + " jobs in a chain",
                execute(session, "chain", Pipelines.chain(CHAINED, "print hello")),
                1));
        return figures;
    }

    private record Executed(double seconds, double jobSeconds) {}

    private static List<Figure> figures(String run, Executed executed, int atOnce) {
        double share = 1 - executed.jobSeconds() / atOnce / executed.seconds();
        return List.of(
                Figure.shown(run, executed.seconds(), "s"),
                Figure.shown("... of which not the jobs' own", 100 * share, "%"));
    }

    private static Executed execute(Session session, String project, String yaml) throws InterruptedException {
        session.api().submit(project, yaml);
        try (RunLog log = session.runLog()) {
            String run = session.api().start(project).join();
            log.await(session, 1);
            String path = "/api/v1/runs/" + run;
            session.await(
                    () -> "the history to hold run " + run,
                    () -> session.api().get(path).path("state").asText().equals("SUCCEEDED"));
            JsonNode ended = session.api().get(path);
            double seconds = seconds(
                    Instant.parse(ended.path("queuedAt").asText()),
                    Instant.parse(ended.path("finishedAt").asText()));
            return new Executed(seconds, jobSeconds(session, path));
        }
    }

    /** How long all jobs together took, by the runner's own times. */
    private static double jobSeconds(Session session, String path) {
        Map<String, Instant> begun = new HashMap<>();
        double sum = 0;
        String cursor = "";
        while (true) {
            JsonNode page = session.api().get(path + "/events?limit=200" + cursor);
            for (JsonNode item : page.path("items")) {
                JsonNode event = item.path("event");
                JsonNode facts = event.path("customData");
                String type = event.at("/context/type").asText();
                String job = event.at("/subject/id").asText();
                if (type.startsWith("dev.cdevents.taskrun.started.")) {
                    begun.put(job, Instant.parse(facts.path("startedAt").asText()));
                }
                if (type.startsWith("dev.cdevents.taskrun.finished.")) {
                    sum += seconds(
                            begun.get(job),
                            Instant.parse(facts.path("finishedAt").asText()));
                }
            }
            if (page.path("next").isMissingNode() || page.path("next").isNull()) {
                return sum;
            }
            cursor = "&cursor=" + page.path("next").asText();
        }
    }

    private static double seconds(Instant from, Instant to) {
        return (to.toEpochMilli() - from.toEpochMilli()) / 1e3;
    }
}

package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A step that prints a million lines, beside the same command writing to a file. */
final class BigLog implements Measurement {

    private static final int LINES = 1_000_000;
    private static final int ROUNDS = 5;
    private static final int FIRST_PAGES = 21;
    private static final int PAGE = 5000;
    private static final String COMMAND = "awk 'BEGIN { for (i = 1; i <= " + LINES
            + "; i++) print \"line \" i \" of a log that says as much as most\" }'";

    @Override
    public List<Figure> measure(Session session) throws IOException, InterruptedException {
        session.api().submit("log", Pipelines.oneStep(COMMAND));
        List<Double> ratios = new ArrayList<>();
        List<Double> stored = new ArrayList<>();
        String run = "";
        for (int round = 0; round < ROUNDS; round++) {
            double file = toFile(session.witness("big-log").file());
            run = session.api().start("log").join();
            long began = System.nanoTime();
            double step = step(session, run);
            stored.add((System.nanoTime() - began) / 1e9);
            ratios.add(step / file);
        }
        Collections.sort(ratios);
        Collections.sort(stored);
        double pages = firstPage(session, run);
        double counted = read(session, run);
        return List.of(
                Figure.atMost(
                        "a step of a million lines, times the command to a file, median",
                        ratios.get(ROUNDS / 2),
                        "x",
                        1.5),
                Figure.shown("... its last line can be read after", stored.get(ROUNDS / 2), "s"),
                Figure.atLeast("... lines stored and read back", counted, "lines", LINES),
                Figure.atMost("first page of that log, median of " + FIRST_PAGES, pages, "ms", 100));
    }

    private static double toFile(Path file) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = new ProcessBuilder("bash", "-c", COMMAND)
                .redirectOutput(file.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "Expected the command to succeed, but it ended with " + process.exitValue());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** How long the step took by its events, once its whole log can be read. */
    private static double step(Session session, String run) {
        String last = log(run) + "?from=" + LINES + "&limit=1";
        session.await(
                () -> "the last line of " + run,
                () -> ended(session, run)
                        && session.api().get(last).path("items").size() == 1);
        JsonNode step = session.api()
                .get("/api/v1/runs/" + run + "/jobs/only")
                .path("attempts")
                .path(0)
                .path("steps")
                .path(0);
        return Duration.between(
                                Instant.parse(step.path("startedAt").asText()),
                                Instant.parse(step.path("finishedAt").asText()))
                        .toNanos()
                / 1e9;
    }

    private static boolean ended(Session session, String run) {
        return session.api().get("/api/v1/runs/" + run).path("state").asText().equals("SUCCEEDED");
    }

    private static double firstPage(Session session, String run) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < FIRST_PAGES; i++) {
            long began = System.nanoTime();
            session.api().get(log(run));
            times.add((System.nanoTime() - began) / 1e6);
        }
        return Latencies.of(times).percentile(0.5);
    }

    /** Reads the log to its end, page by page; gives how many lines came, each where it belongs. */
    private static int read(Session session, String run) {
        int lines = 0;
        while (true) {
            JsonNode page = session.api().get(log(run) + "?limit=" + PAGE + "&from=" + (lines + 1));
            for (JsonNode line : page.path("items")) {
                lines++;
                if (!line.path("text").asText().startsWith("line " + lines + " ")) {
                    throw new IllegalStateException("Expected line " + lines + " of the log, but found " + line);
                }
            }
            if (!page.path("next").isTextual()) {
                return lines;
            }
        }
    }

    private static String log(String run) {
        return "/api/v1/runs/" + run + "/jobs/only/log";
    }
}

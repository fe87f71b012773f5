package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A job's checkout of a repository that its runner has never seen, and that of the next commit, by another run in an empty
 * workspace: from the start of the job to that of its first step.
 */
final class Checkouts implements Measurement {

    private static final long BYTES = 50_000_000;
    private static final int FILE_BYTES = 200_000;
    private static final int WARM_UP = 1;

    /** Somebody has worked on the next commit. */
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private static final int REPOSITORIES = 5;
    private static final String COMMAND = "test \"$(git rev-parse HEAD)\" = \"$FLUJO_COMMIT\"\ntest -f part9/file9";

    @Override
    public List<Figure> measure(Session session) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(session.stack().home().resolve("repositories"));
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        List<Double> quotients = new ArrayList<>();
        for (int i = 0; i < WARM_UP + REPOSITORIES; i++) {
            String project = "checkout-" + i;
            Repository repository = Repository.make(directory, project, BYTES, FILE_BYTES);
            session.api().submit(project, Pipelines.oneStep(COMMAND), repository.url());
            double unseen = checkout(session, project, repository.head());
            repository.change("once more");
            LockSupport.parkNanos(BETWEEN.toNanos());
            double seen = checkout(session, project, repository.head());
            if (i >= WARM_UP) {
                first.add(unseen);
                second.add(seen);
                quotients.add(seen / unseen);
            }
        }
        String what = "checkout of a repository of " + BYTES / 1_000_000 + " MB";
        return List.of(
                Figure.shown(what + ", the first time, median of " + REPOSITORIES, median(first), "ms"),
                Figure.shown("... the next commit, by another run, median", median(second), "ms"),
                Figure.atMost("... of the first time's, median", median(quotients), "x", 0.2));
    }

    private static double checkout(Session session, String project, String commit) {
        String run = session.api().start(project, commit).join();
        session.await(() -> "run " + run + " to succeed", () -> session.api()
                .get("/api/v1/runs/" + run)
                .path("state")
                .asText()
                .equals("SUCCEEDED"));
        JsonNode attempt = session.api()
                .get("/api/v1/runs/" + run + "/jobs/only")
                .path("attempts")
                .path(0);
        return millis(attempt.path("startedAt"), attempt.path("steps").path(0).path("startedAt"));
    }

    private static double millis(JsonNode from, JsonNode to) {
        return Duration.between(Instant.parse(from.asText()), Instant.parse(to.asText()))
                        .toNanos()
                / 1e6;
    }

    private static double median(List<Double> values) {
        return Latencies.of(values).percentile(0.5);
    }
}

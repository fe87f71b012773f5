package dev.flujo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.stack.Await;
import dev.flujo.stack.Memory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Jobs that are executed by one runner all at the same time, as processes: each says that it has begun, and ends once all of
 * them have. Says how many there really were, and what the runner holds in memory before, meanwhile and after.
 */
final class ManyJobs implements Measurement {

    private static final int JOBS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TO_SETTLE_SECONDS = 10;

    @Override
    public List<Figure> measure(Session session) throws IOException, InterruptedException {
        session.runWith("process", JOBS);
        double idle = settled(session);
        Path begun = Files.createDirectories(session.beside("jobs-begun"));
        Path gate = pipe(session.beside("jobs-gate"));
        session.api().submit("jobs", Pipelines.beside(JOBS, begunAndWaits(begun, gate)));
        double sent = System.currentTimeMillis();
        int together;
        String run;
        try (RunLog log = session.runLog()) {
            run = session.api().start("jobs").join();
            Await.until(PATIENCE, () -> count(begun) >= JOBS);
            together = count(begun);
            // Whoever comes to the gate while this is open passes.
            RandomAccessFile open = new RandomAccessFile(gate.toFile(), "rw");
            try {
                log.await(session, 1);
            } finally {
                open.close();
            }
        }
        session.await(
                () -> "the history to hold run " + run,
                () -> session.api().get("/api/v1/runs/" + run).hasNonNull("finishedAt"));
        double ended = Instant.parse(session.api()
                        .get("/api/v1/runs/" + run)
                        .path("finishedAt")
                        .asText())
                .toEpochMilli();
        double most = Memory.mostResidentMiB(session.runner());
        return List.of(
                Figure.atLeast("jobs of one runner at the same time, executor process", together, "jobs", JOBS),
                Figure.shown("... all have begun after", (lastBegun(begun) - sent) / 1e3, "s"),
                Figure.shown("... all have ended after", (ended - sent) / 1e3, "s"),
                Figure.atLeast("... have succeeded", succeeded(session, run), "jobs", JOBS),
                Figure.shown("resident memory of build-runner alone, idle, before them", idle, "MiB"),
                Figure.shown("... at most while they were executed", most, "MiB"),
                Figure.shown("... idle again, after them", settled(session), "MiB"));
    }

    /** Opening the gate to read waits until somebody has it open to write. */
    static String begunAndWaits(Path begun, Path gate) {
        return "echo $EPOCHREALTIME >" + begun + "/$FLUJO_JOB\n: <" + gate;
    }

    /** When the last of the jobs began, in milliseconds since the epoch. */
    static double lastBegun(Path begun) throws IOException {
        double last = Double.NaN;
        try (Stream<Path> files = Files.list(begun)) {
            for (Path file : files.toList()) {
                double millis =
                        Double.parseDouble(Files.readString(file).strip().replace(',', '.')) * 1000;
                last = millis > last || Double.isNaN(last) ? millis : last;
            }
        }
        return last;
    }

    private static int count(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? 0 : names.length;
    }

    private static int succeeded(Session session, String run) {
        int succeeded = 0;
        for (JsonNode job : session.api().get("/api/v1/runs/" + run + "/jobs").path("items")) {
            succeeded += job.path("state").asText().equals("SUCCEEDED") ? 1 : 0;
        }
        return succeeded;
    }

    /** What the runner holds once it has had nothing to do for a while. */
    private static double settled(Session session) throws InterruptedException {
        TimeUnit.SECONDS.sleep(TO_SETTLE_SECONDS);
        return Memory.residentMiB(session.runner());
    }

    static Path pipe(Path file) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
        if (made.waitFor() != 0) {
            throw new IOException("Expected mkfifo to make " + file + ", but it did not");
        }
        return file;
    }
}

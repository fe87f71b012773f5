package dev.flujo.deploy;

import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.kit.event.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/**
 * The log of one deployment: a line for each thing that happened. Each line is noted on disk before it is sent; what an
 * earlier life of the service noted is sent again, the same, under the same number.
 */
final class DeploymentLog {

    private final Path file;
    private final Work work;
    private final Reports reports;
    private int lines;

    DeploymentLog(Path file, Work work, Reports reports) throws IOException {
        this.file = file;
        this.work = work;
        this.reports = reports;
        List<String> earlier = Files.exists(file) ? Files.readAllLines(file) : List.of();
        earlier.forEach(this::send);
    }

    /** How many lines there are. */
    int lines() {
        return lines;
    }

    /** Adds a line. */
    void add(String text) {
        String line = text.replaceAll("\\R", " ");
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to note a line of a log, but " + e.getMessage(), e);
        }
        send(line);
    }

    private void send(String line) {
        int chunk = lines++;
        reports.send(
                Topic.LOGS,
                "line-" + chunk,
                new LogAppended(work.project(), work.attempt(), 0, chunk, chunk + 1L, 1, Instant.now(), line));
    }
}

package dev.flujo.deploy.rollout;

import dev.flujo.deploy.Facts;
import dev.flujo.event.DerivedId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pull requests that were closed or merged, and who did it. */
final class ClosedRequests {

    /** Nothing that was begun before waits for longer. */
    private static final Duration KEPT = Duration.ofDays(60);

    private final Facts facts;

    ClosedRequests(Path root) {
        this.facts = new Facts(root.resolve("closed-requests"));
    }

    void close(String project, long number, String by) throws IOException {
        facts.replace(name(project, number), by);
    }

    void open(String project, long number) throws IOException {
        facts.forget(name(project, number));
    }

    /** Who closed a request, if it is closed. */
    Optional<String> closedBy(String project, long number) throws IOException {
        return facts.fact(name(project, number));
    }

    /** Forgets those of long ago. */
    void tidy(Instant now) throws IOException {
        if (!Files.isDirectory(facts.directory())) {
            return;
        }
        List<Path> notes;
        try (Stream<Path> all = Files.list(facts.directory())) {
            notes = all.toList();
        }
        for (Path note : notes) {
            if (Files.getLastModifiedTime(note).toInstant().isBefore(now.minus(KEPT))) {
                Files.deleteIfExists(note);
            }
        }
    }

    /** Whoever may write to the log may call a project as they like. */
    private static String name(String project, long number) {
        return DerivedId.of("request", project, Long.toString(number)).toString();
    }
}

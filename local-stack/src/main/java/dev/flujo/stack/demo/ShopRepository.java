package dev.flujo.stack.demo;

import dev.flujo.stack.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The web shop's git repository: a bare one that Flujo fetches from, and a clone that a developer works in. */
final class ShopRepository {

    private static final List<String> GIT =
            List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgsign=false");

    private final Path shared;
    private final Path work;

    private ShopRepository(Path shared, Path work) {
        this.shared = shared;
        this.work = work;
    }

    /** Makes the repository anew from the example of this checkout. */
    static ShopRepository create(Path checkout, Path directory) throws IOException, InterruptedException {
        ShopRepository repository =
                new ShopRepository(directory.resolve("web-shop.git"), directory.resolve("web-shop"));
        delete(directory);
        Files.createDirectories(repository.work);
        copy(checkout.resolve("examples/web-shop"), repository.work);
        repository.git("init", "-q", "--bare", repository.shared.toString());
        repository.git("init", "-q");
        repository.git("symbolic-ref", "HEAD", "refs/heads/main");
        repository.git("remote", "add", "origin", repository.url());
        return repository;
    }

    String url() {
        return "file://" + shared;
    }

    Path work() {
        return work;
    }

    String pipeline() throws IOException {
        return Files.readString(work.resolve(".flujo.yml"));
    }

    /** Changes one place of a file. */
    void replace(String file, String old, String fresh) throws IOException {
        Path path = work.resolve(file);
        String text = Files.readString(path);
        if (!text.contains(old)) {
            throw new StackException("Expected '" + old + "' in " + path + ", but it is not there; has the example"
                    + " changed without the demo?");
        }
        Files.writeString(path, text.replace(old, fresh));
    }

    /** Commits everything, pushes it, and tells what went. */
    Commit push(String message) throws IOException, InterruptedException {
        git("add", "--all");
        git("commit", "-q", "-m", message);
        git("push", "-q", "origin", "main");
        return new Commit(git("rev-parse", "HEAD"), message, git("log", "-1", "--format=%cI"));
    }

    /** A commit on {@code main}: its id, message and time. */
    record Commit(String id, String message, String time) {

        String shortId() {
            return EventLine.commit(id);
        }
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new StackException(
                    "Expected git " + String.join(" ", arguments) + " to succeed, but it says: " + output);
        }
        return output;
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isRegularFile(from.resolve(".flujo.yml"))) {
            throw new StackException("Expected the example in " + from + ", but it is not there; run the demo in a"
                    + " whole checkout of Flujo");
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(path -> !from.relativize(path).startsWith("target"))
                    .toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

package dev.flujo.runner.checkout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A repository as people work in it, with one large file. */
record GitRepository(Path path) {

    static final int LARGE = 300_000;

    private static final Random RANDOM = new Random(1);

    static GitRepository make(Path path) throws IOException, InterruptedException {
        GitRepository made = new GitRepository(Files.createDirectories(path));
        made.git("init", "--quiet", "-b", "main");
        made.large("large");
        made.commit("file", "nothing");
        return made;
    }

    String url() {
        return "file://" + path;
    }

    /** Writes a file that no compression makes smaller. */
    void large(String name) throws IOException {
        byte[] bytes = new byte[LARGE];
        RANDOM.nextBytes(bytes);
        Files.write(path.resolve(name), bytes);
    }

    /** Commits the file with that text, and whatever else has changed; gives the commit. */
    String commit(String file, String text) throws IOException, InterruptedException {
        Files.writeString(path.resolve(file), text);
        git("add", "--all");
        git("commit", "--quiet", "-m", text);
        return git("rev-parse", "HEAD");
    }

    String git(String... arguments) throws IOException, InterruptedException {
        return gitIn(path, arguments);
    }

    static String gitIn(Path at, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "safe.directory=*"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(at.toFile())
                .redirectErrorStream(true)
                .start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), words);
        return words;
    }
}

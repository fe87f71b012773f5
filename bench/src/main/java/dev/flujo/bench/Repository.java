package dev.flujo.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A git repository as a forge has it, bare and in one pack, beside the clone in which it is worked on. */
record Repository(Path bare, Path work) {

    private static final int COMMITS = 5;

    /** Makes one of so many bytes, which no compression makes fewer, in files of that size and several commits. */
    static Repository make(Path directory, String name, long bytes, int fileBytes)
            throws IOException, InterruptedException {
        Repository made = new Repository(directory.resolve(name + ".git"), directory.resolve(name));
        Files.createDirectories(made.work);
        git(made.work, "init", "--quiet", "--initial-branch=main");
        Random random = new Random(name.hashCode());
        long files = bytes / fileBytes;
        for (long file = 0; file < files; file++) {
            byte[] content = new byte[fileBytes];
            random.nextBytes(content);
            Path place = made.work.resolve("part" + file % 10);
            Files.write(Files.createDirectories(place).resolve("file" + file), content);
            if ((file + 1) % Math.max(1, files / COMMITS) == 0) {
                made.commit("Add files up to " + file);
            }
        }
        git(directory, "clone", "--quiet", "--bare", "--no-local", made.work.toString(), made.bare.toString());
        return made;
    }

    String url() {
        return "file://" + bare;
    }

    /** The newest commit. */
    String head() throws IOException, InterruptedException {
        return git(bare, "rev-parse", "main");
    }

    /** Changes one small file, and pushes that as one more commit. */
    void change(String text) throws IOException, InterruptedException {
        Files.writeString(work.resolve("changed"), text + "\n");
        commit("Change a file");
        git(work, "push", "--quiet", bare.toString(), "main");
    }

    private void commit(String message) throws IOException, InterruptedException {
        git(work, "add", "--all");
        git(work, "commit", "--quiet", "--message", message);
    }

    private static String git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "gc.auto=0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("Expected git " + String.join(" ", arguments) + " to succeed, but it said: " + said);
        }
        return said;
    }
}

package dev.flujo.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A git repository that defines its own pipelines, with a clone in which others work on it. */
final class SourceRepository {

    private static final List<String> GIT = List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@shop.example");

    private final Path shared;
    private final Path work;

    private SourceRepository(Path shared, Path work) {
        this.shared = shared;
        this.work = work;
    }

    /** Makes an empty one below the directory, under that name. */
    static SourceRepository create(Path directory, String name) {
        SourceRepository repository =
                new SourceRepository(directory.resolve(name + ".git"), directory.resolve(name + "-work"));
        try {
            Files.createDirectories(repository.work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        repository.git("init", "-q", "--bare", "-b", "main", repository.shared.toString());
        repository.git("init", "-q", "-b", "main");
        repository.git("remote", "add", "origin", repository.url());
        return repository;
    }

    String url() {
        return "file://" + shared;
    }

    /** Commits these files, pushes them to a branch or any other reference, and gives the commit. */
    String push(String reference, Map<String, String> files) {
        files.forEach(this::write);
        git("add", "--all");
        git("commit", "-q", "-m", "Change " + String.join(", ", files.keySet()));
        git("push", "-q", "-f", "origin", "HEAD:" + reference);
        return git("rev-parse", "HEAD");
    }

    /** Goes back to a commit, so that the next one follows on it. */
    void goTo(String commit) {
        git("checkout", "-q", "--detach", commit);
    }

    /** Makes another repository a submodule, at a commit, with the next push. */
    void link(String path, String url, String commit) {
        try {
            Files.createDirectories(work.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(".gitmodules", "[submodule \"" + path + "\"]\n\tpath = " + path + "\n\turl = " + url + "\n");
        git("update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
    }

    /** Keeps a large file as Git LFS does; gives what a commit has in its place. */
    String keepLarge(String text) {
        try {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            Path objects = shared.resolve("lfs/objects")
                    .resolve(sha256.substring(0, 2))
                    .resolve(sha256.substring(2, 4));
            Files.write(Files.createDirectories(objects).resolve(sha256), content);
            return "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256 + "\nsize " + content.length
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String path, String text) {
        try {
            Path file = work.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String git(String... arguments) {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(work.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new AssertionError("git " + String.join(" ", arguments) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

package dev.flujo.runner.checkout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The mirrors of repositories that a runner keeps, in directories that are named for the digests of their addresses. */
public final class Mirrors {

    private record Used(Mirror mirror, FileTime last, long bytes) {}

    private final Path root;
    private final long mostBytes;
    private final Map<String, Mirror> mirrors = new ConcurrentHashMap<>();

    /** @param mostBytes how many bytes all may have together; with 0 there are none */
    public Mirrors(Path root, long mostBytes) {
        this.root = root;
        this.mostBytes = mostBytes;
    }

    /** That of a repository; none where none are kept. */
    Optional<Mirror> of(String repository) {
        return mostBytes == 0 ? Optional.empty() : Optional.of(named(digest(repository)));
    }

    /** Deletes those that were not used for the longest time, as long as all have more than they may. */
    void makeRoom() throws IOException {
        shrinkTo(mostBytes);
    }

    /** Deletes all but those that something is being fetched for. */
    void clear() throws IOException {
        shrinkTo(0);
    }

    private void shrinkTo(long bytes) throws IOException {
        List<Used> all = all();
        long sum = all.stream().mapToLong(Used::bytes).sum();
        for (Used used : all) {
            if (sum <= bytes) {
                return;
            }
            used.mirror().forget();
            sum -= used.bytes();
        }
    }

    /** All that are there, also those of earlier lives of the runner; that which was used last stands last. */
    private List<Used> all() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Used> all = new ArrayList<>();
        try (Stream<Path> directories = Files.list(root)) {
            for (Path directory : directories.toList()) {
                Mirror mirror = named(directory.getFileName().toString());
                all.add(new Used(mirror, mirror.used(), mirror.bytes()));
            }
        }
        all.sort(Comparator.comparing(Used::last));
        return all;
    }

    private Mirror named(String name) {
        return mirrors.computeIfAbsent(name, fresh -> new Mirror(root.resolve(fresh)));
    }

    private static String digest(String repository) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(repository.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

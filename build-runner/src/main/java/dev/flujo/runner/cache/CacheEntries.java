package dev.flujo.runner.cache;

import dev.flujo.event.DerivedId;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which caches there are: one small file for each, which names its blob. Files appear whole and are replaced whole, so any
 * number of runners may share the directory; the time of a file is when its cache was last used.
 */
public final class CacheEntries {

    private static final int LINES = 4;

    private final Path directory;
    private final BlobStore blobs;
    private final long mostBytes;

    /** One cache: its key, its blob, and when it was written. */
    public record Entry(String key, Blob blob, Instant writtenAt) {}

    private record Kept(Path file, Entry entry, FileTime usedAt) {}

    /** The caches below a directory, whose archives lie in this store; together they may have so many bytes. */
    public CacheEntries(Path directory, BlobStore blobs, long mostBytes) {
        this.directory = directory;
        this.blobs = blobs;
        this.mostBytes = mostBytes;
    }

    BlobStore blobs() {
        return blobs;
    }

    /** What the key finds; where it finds nothing, the newest whose key begins with the first of these that finds anything. */
    Optional<Entry> find(CacheScope scope, List<String> paths, String key, List<String> beginnings) throws IOException {
        for (String name : scope.reads()) {
            Path file = file(directory(scope, name, paths), key);
            Optional<Entry> exact = read(file);
            if (exact.isPresent()) {
                return used(file, exact);
            }
        }
        for (String beginning : beginnings) {
            for (String name : scope.reads()) {
                Optional<Kept> newest = kept(directory(scope, name, paths)).stream()
                        .filter(kept -> kept.entry().key().startsWith(beginning))
                        .max(Comparator.comparing(kept -> kept.entry().writtenAt()));
                if (newest.isPresent()) {
                    return used(newest.get().file(), newest.map(Kept::entry));
                }
            }
        }
        return Optional.empty();
    }

    /** Keeps an archive under a key of the job's own scope, in the place of what was there. */
    void put(CacheScope scope, List<String> paths, String key, Path archive) throws IOException {
        Blob blob = blobs.put(archive);
        Path file = file(directory(scope, scope.own(), paths), key);
        Optional<Entry> before = read(file);
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "entry", ".tmp");
        Files.write(
                fresh,
                List.of(
                        key,
                        blob.sha256(),
                        Long.toString(blob.bytes()),
                        Instant.now().toString()));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        evict(before.stream().map(entry -> entry.blob().sha256()).toList());
    }

    /**
     * Forgets caches, those that were not used for the longest time first, until the rest has no more bytes than it may; and
     * blobs that no cache names any more, among them those that were named until now.
     */
    private synchronized void evict(List<String> untilNow) throws IOException {
        List<Kept> all = new ArrayList<>(kept(directory));
        all.sort(Comparator.comparing(Kept::usedAt).reversed());
        long bytes = 0;
        Set<String> named = new HashSet<>();
        Set<String> unnamed = new HashSet<>(untilNow);
        for (Kept kept : all) {
            Blob blob = kept.entry().blob();
            long more = named.contains(blob.sha256()) ? 0 : blob.bytes();
            if (bytes + more > mostBytes) {
                Files.deleteIfExists(kept.file());
                unnamed.add(blob.sha256());
            } else {
                bytes += more;
                named.add(blob.sha256());
            }
        }
        unnamed.removeAll(named);
        for (String sha256 : unnamed) {
            blobs.delete(sha256);
        }
    }

    private Optional<Entry> used(Path file, Optional<Entry> entry) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return entry;
    }

    private static List<Kept> kept(Path below) throws IOException {
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                below,
                Integer.MAX_VALUE,
                (file, attributes) ->
                        attributes.isRegularFile() && file.toString().endsWith(".entry"))) {
            for (Path file : files.toList()) {
                Optional<Entry> entry = read(file);
                if (entry.isPresent()) {
                    kept.add(new Kept(file, entry.get(), time(file)));
                }
            }
        }
        return kept;
    }

    private static FileTime time(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static Optional<Entry> read(Path file) throws IOException {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.size() == LINES
                    ? Optional.of(new Entry(
                            lines.get(0),
                            new Blob(lines.get(1), Long.parseLong(lines.get(2))),
                            Instant.parse(lines.get(3))))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path file(Path directory, String key) {
        return directory.resolve(DerivedId.digestOf(key) + ".entry");
    }

    /** Caches of other paths are others, whatever their key. */
    private Path directory(CacheScope scope, String name, List<String> paths) {
        return directory
                .resolve(DerivedId.digestOf(scope.project()))
                .resolve(DerivedId.digestOf(name))
                .resolve(DerivedId.digestOf(String.join("\n", paths)));
    }
}

package dev.flujo.runner.cache;

import dev.flujo.event.DerivedId;
import dev.flujo.kit.blob.Blob;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.kit.blob.S3BlobStore;
import dev.flujo.kit.blob.S3Bucket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which caches there are: one note for each, which names its blob. Any number of runners may share them. */
public final class CacheEntries {

    private static final int LINES = 4;

    /** By their use; stores tell that to the second, in which a cache that was just kept is not to be the first to go. */
    private static final Comparator<Kept> LAST_USED_LAST = Comparator.comparing(
                    (Kept kept) -> kept.note().usedAt())
            .thenComparing(kept -> kept.entry().writtenAt());

    private final CacheIndex index;
    private final BlobStore blobs;
    private final long mostBytes;

    /** One cache: the name of its note, its key, its blob, and when it was written. */
    public record Entry(String name, String key, Blob blob, Instant writtenAt) {}

    private record Kept(CacheIndex.Note note, Entry entry) {}

    private CacheEntries(CacheIndex index, BlobStore blobs, long mostBytes) {
        this.index = index;
        this.blobs = blobs;
        this.mostBytes = mostBytes;
    }

    /** The caches below a directory; together they may have so many bytes. */
    public static CacheEntries of(Path directory, long mostBytes) {
        return new CacheEntries(
                new FileCacheIndex(directory.resolve("entries")),
                new FileBlobStore(directory.resolve("archives")),
                mostBytes);
    }

    /** The caches in a bucket; together they may have so many bytes. */
    public static CacheEntries of(S3Bucket bucket, long mostBytes) {
        return new CacheEntries(
                new S3CacheIndex(bucket.below("entries/")), new S3BlobStore(bucket.below("archives/")), mostBytes);
    }

    BlobStore blobs() {
        return blobs;
    }

    /** What the key finds; where it finds nothing, the newest whose key begins with the first of these that finds anything. */
    Optional<Entry> find(CacheScope scope, List<String> paths, String key, List<String> beginnings) throws IOException {
        for (String name : scope.reads()) {
            Optional<Kept> exact = read(name(place(scope, name, paths), key));
            if (exact.isPresent()) {
                return used(exact.get());
            }
        }
        if (beginnings.isEmpty()) {
            return Optional.empty();
        }
        List<List<Kept>> nearestFirst = new ArrayList<>();
        for (String name : scope.reads()) {
            nearestFirst.add(kept(place(scope, name, paths)));
        }
        for (String beginning : beginnings) {
            for (List<Kept> kept : nearestFirst) {
                Optional<Kept> newest = kept.stream()
                        .filter(each -> each.entry().key().startsWith(beginning))
                        .max(Comparator.comparing(each -> each.entry().writtenAt()));
                if (newest.isPresent()) {
                    return used(newest.get());
                }
            }
        }
        return Optional.empty();
    }

    /** Keeps an archive under a key of the job's own scope, in the place of what was there. */
    void put(CacheScope scope, List<String> paths, String key, Path archive) throws IOException {
        Blob blob = blobs.put(archive);
        String name = name(place(scope, scope.own(), paths), key);
        Optional<Kept> before = read(name);
        index.write(name, text(new Entry(name, key, blob, Instant.now())));
        evict(before.stream().map(kept -> kept.entry().blob().sha256()).toList());
    }

    /** Forgets a cache whose archive is gone, so that it can be kept again; what has taken its place meanwhile stays. */
    void forget(Entry entry) throws IOException {
        if (read(entry.name()).filter(kept -> kept.entry().equals(entry)).isPresent()) {
            index.delete(entry.name());
        }
    }

    /**
     * Forgets caches, those that were not used for the longest time first, until the rest has no more bytes than it may; and
     * blobs that no cache names any more, among them those that were named until now. A blob that another runner names at this
     * moment may go with them: its cache is then found without an archive, and forgotten.
     */
    private synchronized void evict(List<String> untilNow) throws IOException {
        List<Kept> all = kept("");
        all.sort(LAST_USED_LAST.reversed());
        long bytes = 0;
        Set<String> named = new HashSet<>();
        Set<String> unnamed = new HashSet<>(untilNow);
        for (Kept kept : all) {
            Blob blob = kept.entry().blob();
            long more = named.contains(blob.sha256()) ? 0 : blob.bytes();
            if (bytes + more > mostBytes) {
                index.delete(kept.note().name());
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

    private Optional<Entry> used(Kept kept) throws IOException {
        index.used(kept.note());
        return Optional.of(kept.entry());
    }

    private Optional<Kept> read(String name) throws IOException {
        return index.read(name).flatMap(CacheEntries::understood);
    }

    private List<Kept> kept(String below) throws IOException {
        List<Kept> kept = new ArrayList<>();
        for (CacheIndex.Note note : index.below(below)) {
            understood(note).ifPresent(kept::add);
        }
        return kept;
    }

    private static String text(Entry entry) {
        return String.join(
                "\n",
                entry.key(),
                entry.blob().sha256(),
                Long.toString(entry.blob().bytes()),
                entry.writtenAt().toString(),
                "");
    }

    /** What a note says; one that says something else is none. */
    private static Optional<Kept> understood(CacheIndex.Note note) {
        List<String> lines = note.text().lines().toList();
        if (lines.size() != LINES) {
            return Optional.empty();
        }
        try {
            Blob blob = new Blob(lines.get(1), Long.parseLong(lines.get(2)));
            return Optional.of(new Kept(note, new Entry(note.name(), lines.get(0), blob, Instant.parse(lines.get(3)))));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String name(String place, String key) {
        return place + "/" + DerivedId.digestOf(key);
    }

    /** Caches of other paths are others, whatever their key. */
    private static String place(CacheScope scope, String name, List<String> paths) {
        return String.join(
                "/",
                DerivedId.digestOf(scope.project()),
                DerivedId.digestOf(name),
                DerivedId.digestOf(String.join("\n", paths)));
    }
}

package dev.flujo.runner.cache;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Supplies.Cache.Policy;
import dev.flujo.runner.cache.CacheEntries.Entry;
import dev.flujo.runner.report.WorkspaceFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The caches of one attempt: laid out before its first step, kept after its last one. A cache that cannot be had or kept never
 * fails a job; what became of each is a line of the job's log.
 */
public final class JobCaches {

    private static final Logger LOG = Logger.getLogger(JobCaches.class);

    private final CacheEntries entries;
    private final Work work;
    private final Places places;
    private final long mostBytes;
    private final CacheScope scope;

    /**
     * Where an attempt has its things on this machine.
     *
     * @param notes a file for what has to be known again after the last step
     * @param temporary a file for archives
     */
    public record Places(Path workspace, Path home, Path notes, Path temporary) {}

    /** The caches of an attempt; each may have so many bytes, packed or not. */
    public JobCaches(CacheEntries entries, Work work, Places places, long mostBytes) {
        this.entries = entries;
        this.work = work;
        this.places = places;
        this.mostBytes = mostBytes;
        this.scope = CacheScope.of(work);
    }

    private List<Supplies.Cache> caches() {
        return work.job().supplies().caches();
    }

    /** Lays out what is found, and says what it did. Keys are settled here: steps may change the files that make them. */
    public List<String> restore() throws IOException {
        List<String> said = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Supplies.Cache cache : caches()) {
            String key = "";
            try {
                key = key(cache);
                said.add(
                        cache.policy() == Policy.PUSH
                                ? told(key, "not read, as its policy says")
                                : restore(cache, key));
            } catch (IOException | RuntimeException e) {
                said.add(failed(key, "not read", e));
            }
            keys.add(key);
        }
        Files.write(places.notes(), keys);
        return said;
    }

    /** Keeps what the job has left, and says what it did. */
    public List<String> keep() throws IOException {
        List<String> keys = Files.exists(places.notes()) ? Files.readAllLines(places.notes()) : List.of();
        List<String> said = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Supplies.Cache cache = caches().get(i);
            if (cache.policy() == Policy.PULL || keys.get(i).isEmpty()) {
                continue;
            }
            try {
                said.add(keep(cache, keys.get(i)));
            } catch (IOException | RuntimeException e) {
                said.add(failed(keys.get(i), "not kept", e));
            }
        }
        return said;
    }

    private String restore(Supplies.Cache cache, String key) throws IOException {
        Optional<Entry> found = entries.find(scope, cache.paths(), key, cache.restoreKeys());
        if (found.isEmpty()) {
            return told(key, "miss");
        }
        Map<String, Path> roots = roots(cache);
        try {
            fetch(found.get());
            CacheArchive.check(places.temporary(), roots.keySet(), mostBytes);
            int files = CacheArchive.unpack(places.temporary(), roots);
            String by = found.get().key().equals(key)
                    ? "hit"
                    : "hit by '" + found.get().key() + "'";
            return told(
                    key, by + ", " + files + " files of " + found.get().blob().bytes() + " bytes");
        } finally {
            Files.deleteIfExists(places.temporary());
        }
    }

    /** Copies an archive whole, and only goes on with what it was when it was kept. A cache without one is forgotten. */
    private void fetch(Entry entry) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = entries.blobs().open(entry.blob().sha256());
                OutputStream out = new DigestOutputStream(Files.newOutputStream(places.temporary()), digest)) {
            in.transferTo(out);
        } catch (NoSuchFileException e) {
            entries.forget(entry);
            throw new IOException("it was removed to make room", e);
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(entry.blob().sha256())) {
            throw new IOException("its bytes are not those that were kept");
        }
    }

    private String keep(Supplies.Cache cache, String key) throws IOException {
        if (!scope.write()) {
            return told(key, "not kept: a run that is done again writes none");
        }
        // Asked for any cache: a store that is away says so before anything is packed.
        boolean there = entries.find(scope, cache.paths(), key, List.of()).isPresent();
        if (there && !cache.keyFiles().isEmpty()) {
            return told(key, "kept already");
        }
        try {
            int files = CacheArchive.pack(places.temporary(), roots(cache), mostBytes);
            if (files == 0) {
                return told(key, "not kept: there is nothing at " + String.join(", ", cache.paths()));
            }
            long bytes = Files.size(places.temporary());
            entries.put(scope, cache.paths(), key, places.temporary());
            return told(key, "kept, " + files + " files of " + bytes + " bytes");
        } finally {
            Files.deleteIfExists(places.temporary());
        }
    }

    private Map<String, Path> roots(Supplies.Cache cache) {
        Map<String, Path> roots = new TreeMap<>();
        for (String path : cache.paths()) {
            Path root = path.startsWith("~/") ? places.home() : places.workspace();
            roots.put(path, root.toAbsolutePath().normalize());
        }
        return roots;
    }

    private String key(Supplies.Cache cache) throws IOException {
        String text = cache.key().orElse(work.job().id());
        if (cache.keyFiles().isEmpty()) {
            return text;
        }
        MessageDigest digest = sha256();
        for (String glob : cache.keyFiles()) {
            for (Path file : WorkspaceFiles.matching(places.workspace(), glob)) {
                digest.update(places.workspace().relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                    Files.copy(file, out);
                }
            }
        }
        return text + HexFormat.of().formatHex(digest.digest());
    }

    private String failed(String key, String what, Exception e) {
        LOG.warnf("cache '%s' of %s was %s: %s", key, work.attempt().id(), what, e);
        return told(key, what + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    }

    private static String told(String key, String what) {
        return "cache '" + key + "': " + what;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

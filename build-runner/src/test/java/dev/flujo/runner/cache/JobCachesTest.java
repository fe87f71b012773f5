package dev.flujo.runner.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Supplies;
import dev.flujo.event.plan.Supplies.Cache;
import dev.flujo.event.plan.Supplies.Cache.Policy;
import dev.flujo.kit.blob.FileBlobStore;
import dev.flujo.runner.Works;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCachesTest {

    private static final long PLENTY = 1_000_000;

    @TempDir
    Path root;

    private int attempts;
    private long most = PLENTY;
    private long mostOfOne = PLENTY;

    /** One attempt with a place of its own. */
    private final class Attempt {

        private final Path workspace;
        private final Path home;
        private final JobCaches caches;

        Attempt(String scope, String branch, Cache... caches) throws IOException {
            Path own = Files.createDirectories(root.resolve("attempt-" + attempts++));
            this.workspace = Files.createDirectories(own.resolve("workspace"));
            this.home = Files.createDirectories(own.resolve("home"));
            this.caches = new JobCaches(
                    entries(),
                    work(scope, branch, List.of(caches)),
                    new JobCaches.Places(workspace, home, own.resolve("keys"), own.resolve("archive")),
                    mostOfOne);
        }

        Attempt with(String file, String text) throws IOException {
            Path path = workspace.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        }

        String restore() throws IOException {
            return String.join("\n", caches.restore());
        }

        String keep() throws IOException {
            return String.join("\n", caches.keep());
        }

        /** Writes something into the cache's only directory and keeps it. */
        void leave(String text) throws IOException {
            restore();
            with("deps/a", text);
            String said = keep();
            assertTrue(said.contains(": kept, 1 files of "), said);
        }

        String found() throws IOException {
            restore();
            Path file = workspace.resolve("deps/a");
            return Files.exists(file) ? Files.readString(file) : "nothing";
        }
    }

    @Test
    void findsWhatAnotherJobHasKeptWithPermissionsTimesAndLinks() throws IOException {
        Cache cache = new Cache(List.of("deps", "~/.tool"), Optional.of("k"), List.of(), List.of(), Policy.BOTH);
        Attempt first = new Attempt("shared", "main", cache).with("deps/bin/run", "x");
        assertEquals("cache 'k': miss", first.restore());
        Path run = first.workspace.resolve("deps/bin/run");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(run, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        Files.createSymbolicLink(first.workspace.resolve("deps/latest"), Path.of("bin/run"));
        Files.createDirectories(first.workspace.resolve("deps/empty"));
        Files.createDirectories(first.home.resolve(".tool"));
        Files.writeString(first.home.resolve(".tool/settings"), "s");
        assertTrue(first.keep().startsWith("cache 'k': kept, 3 files of "));

        Attempt second = new Attempt("shared", "other", cache);

        assertTrue(second.restore().startsWith("cache 'k': hit, 3 files of "));
        Path found = second.workspace.resolve("deps/bin/run");
        assertEquals("x", Files.readString(second.workspace.resolve("deps/latest")));
        assertTrue(Files.isSymbolicLink(second.workspace.resolve("deps/latest")));
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(found)));
        assertEquals(
                Instant.parse("2026-01-02T03:04:05Z"),
                Files.getLastModifiedTime(found).toInstant());
        assertTrue(Files.isDirectory(second.workspace.resolve("deps/empty")));
        assertEquals("s", Files.readString(second.home.resolve(".tool/settings")));
    }

    @Test
    void makesAKeyOfTheContentOfFilesBeforeTheSteps() throws IOException {
        Cache cache = new Cache(List.of("deps"), Optional.of("m-"), List.of("*.lock"), List.of(), Policy.BOTH);
        Attempt first = new Attempt("shared", "main", cache).with("a.lock", "1");
        first.restore();
        first.with("deps/a", "one").with("a.lock", "changed by a step");
        first.keep();

        assertEquals(
                "one", new Attempt("shared", "main", cache).with("a.lock", "1").found());
        assertEquals(
                "nothing",
                new Attempt("shared", "main", cache).with("a.lock", "2").found());
        Attempt again = new Attempt("shared", "main", cache).with("a.lock", "1");
        again.restore();
        assertTrue(again.keep().endsWith(": kept already"));
    }

    @Test
    void fallsBackToTheNewestWhoseKeyBeginsSo() throws IOException {
        new Attempt("shared", "main", named("m-1")).leave("one");
        new Attempt("shared", "main", named("m-2")).leave("two");
        new Attempt("shared", "main", named("n-3")).leave("three");
        Attempt last = new Attempt("shared", "main", named("m-4", "x-", "m-"));

        assertTrue(last.restore().startsWith("cache 'm-4': hit by 'm-2', 1 files of "));
        assertEquals("two", Files.readString(last.workspace.resolve("deps/a")));
    }

    @Test
    void writesAndReadsOnlyAsThePolicySays() throws IOException {
        Cache pull = new Cache(List.of("deps"), Optional.of("k"), List.of(), List.of(), Policy.PULL);
        Cache push = new Cache(List.of("deps"), Optional.of("k"), List.of(), List.of(), Policy.PUSH);
        Attempt pulling = new Attempt("shared", "main", pull).with("deps/a", "none of it");
        pulling.restore();
        assertEquals("", pulling.keep());
        new Attempt("shared", "main", push).leave("one");

        assertEquals("cache 'k': not read, as its policy says", new Attempt("shared", "main", push).restore());
        assertEquals("one", new Attempt("shared", "main", pull).found());
    }

    @Test
    void nobodyElseFindsWhatAPullRequestHasWritten() throws IOException {
        new Attempt("fork", "patch", named("k")).leave("strange");
        new Attempt("request", "patch", named("k")).leave("proposed");

        assertEquals("nothing", new Attempt("shared", "main", named("k")).found());
        assertEquals("nothing", new Attempt("shared", "patch", named("k", "")).found());
        assertEquals("nothing", new Attempt("request", "other", named("k", "")).found());
        assertEquals("nothing", new Attempt("fork", "other", named("k", "")).found());
        assertEquals("proposed", new Attempt("request", "patch", named("k")).found());
        assertEquals("strange", new Attempt("fork", "patch", named("k")).found());
    }

    @Test
    void pullRequestsFindWhatTheBranchesOfTheRepositoryHaveWritten() throws IOException {
        new Attempt("shared", "main", named("k")).leave("accepted");

        assertEquals("accepted", new Attempt("request", "patch", named("k")).found());
        assertEquals("accepted", new Attempt("fork", "patch", named("k")).found());
        new Attempt("request", "patch", named("k")).leave("proposed");
        assertEquals("proposed", new Attempt("request", "patch", named("k")).found());
        assertEquals("accepted", new Attempt("shared", "main", named("k")).found());
    }

    @Test
    void aRunThatIsDoneAgainWritesNothing() throws IOException {
        Attempt again = new Attempt("none", "main", named("k")).with("deps/a", "x");
        again.restore();

        assertEquals("cache 'k': not kept: a run that is done again writes none", again.keep());
        assertEquals("nothing", new Attempt("shared", "main", named("k")).found());
    }

    @Test
    void forgetsWhatWasNotUsedForTheLongestTimeAndItsBytes() throws IOException {
        most = 16_000;
        new Attempt("shared", "main", named("a")).leave(noise(1));
        new Attempt("shared", "main", named("b")).leave(noise(2));
        age("a", 3);
        age("b", 2);
        assertTrue(new Attempt("shared", "main", named("a")).restore().contains("hit"));

        new Attempt("shared", "main", named("c")).leave(noise(3));

        assertEquals(noise(1), new Attempt("shared", "main", named("a")).found());
        assertEquals("nothing", new Attempt("shared", "main", named("b")).found());
        assertEquals(noise(3), new Attempt("shared", "main", named("c")).found());
        assertEquals(2, blobs());
    }

    @Test
    void keepsNoBytesOfWhatWasReplaced() throws IOException {
        new Attempt("shared", "main", named("a")).leave(noise(1));
        Attempt next = new Attempt("shared", "main", named("a")).with("deps/b", noise(2));
        next.restore();
        next.keep();

        assertEquals(1, blobs());
    }

    @Test
    void keepsNothingThatIsTooLarge() throws IOException {
        mostOfOne = 1000;
        Attempt attempt = new Attempt("shared", "main", named("a")).with("deps/a", noise(1));
        attempt.restore();

        assertEquals("cache 'a': not kept: it has more than 1000 bytes", attempt.keep());
    }

    @Test
    void unpacksNothingThatWouldBecomeTooLarge() throws IOException {
        new Attempt("shared", "main", named("a")).leave("0".repeat(100_000));
        mostOfOne = 1000;
        Attempt attempt = new Attempt("shared", "main", named("a"));

        assertEquals("cache 'a': not read: it unpacks to more than 1000 bytes", attempt.restore());
        assertFalse(Files.exists(attempt.workspace.resolve("deps")));
    }

    @Test
    void readsNothingWhoseBytesAreOthersThanThoseThatWereKept() throws IOException {
        new Attempt("shared", "main", named("a")).leave("x");
        Files.writeString(blob(), "others");

        Attempt attempt = new Attempt("shared", "main", named("a"));

        assertEquals("cache 'a': not read: its bytes are not those that were kept", attempt.restore());
        Files.delete(blob());
        assertEquals("cache 'a': not read: it was removed to make room", attempt.restore());
        assertFalse(Files.exists(attempt.workspace.resolve("deps")));
    }

    @Test
    void laysNothingElsewhereWhateverAnArchiveSays() throws IOException {
        for (String path :
                List.of("deps/../../evil", "/evil", "other", "deps//evil", "deps/./evil", "~/evil", "depsy")) {
            put(path, 'f', "x");

            Attempt attempt = new Attempt("shared", "main", named("a"));

            assertEquals(
                    "cache 'a': not read: it has a file at " + path + ", which the cache does not keep",
                    attempt.restore());
            assertFalse(Files.exists(attempt.workspace.resolve("deps"), LinkOption.NOFOLLOW_LINKS));
        }
        put("deps/device", 'b', "x");
        assertTrue(new Attempt("shared", "main", named("a")).restore().contains("it has entries of another kind"));
    }

    @Test
    void neverWritesOrReadsThroughALink() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        new Attempt("shared", "main", named("a")).leave("x");
        Attempt reading = new Attempt("shared", "main", named("a"));
        Files.createSymbolicLink(reading.workspace.resolve("deps"), outside);

        assertTrue(reading.restore().contains("not read: Expected a path of directories"));
        assertFalse(Files.exists(outside.resolve("a")));
        Attempt writing = new Attempt("shared", "main", named("b"));
        writing.restore();
        Files.createSymbolicLink(writing.workspace.resolve("deps"), outside);
        assertTrue(writing.keep().contains("not kept: Expected a path of directories"));
    }

    @Test
    void leavesWhatTheCheckoutHasBrought() throws IOException {
        new Attempt("shared", "main", named("a")).leave("of the cache");
        Attempt attempt = new Attempt("shared", "main", named("a")).with("deps/a", "of the commit");

        attempt.restore();

        assertEquals("of the commit", Files.readString(attempt.workspace.resolve("deps/a")));
    }

    @Test
    void saysThatThereIsNothingToKeep() throws IOException {
        Attempt attempt = new Attempt("shared", "main", named("a"));
        attempt.restore();

        assertEquals("cache 'a': not kept: there is nothing at deps", attempt.keep());
    }

    @Test
    void failsNoJobWhereNothingCanBeStored() throws IOException {
        Files.writeString(root.resolve("caches"), "no directory");
        Attempt attempt = new Attempt("shared", "main", named("a")).with("deps/a", "x");

        assertTrue(attempt.restore().startsWith("cache 'a': not read: "));
        assertTrue(attempt.keep().startsWith("cache 'a': not kept: "));
    }

    private static Cache named(String key, String... restoreKeys) {
        return new Cache(List.of("deps"), Optional.of(key), List.of(), List.of(restoreKeys), Policy.BOTH);
    }

    private CacheEntries entries() {
        return new CacheEntries(
                root.resolve("caches/entries"), new FileBlobStore(root.resolve("caches/archives")), most);
    }

    private static Work work(String scope, String branch, List<Cache> caches) {
        Work plain = Works.of("true");
        Job job = plain.job();
        return new Work(
                "shop",
                "main",
                plain.attempt(),
                new Job(
                        job.id(),
                        job.needs(),
                        job.env(),
                        job.steps(),
                        job.timeout(),
                        job.artifacts(),
                        job.junit(),
                        job.deploy(),
                        job.name(),
                        job.gate(),
                        job.placement(),
                        job.tolerance(),
                        new Supplies(List.of(), caches, List.of()),
                        job.results(),
                        job.matrix(),
                        job.cell(),
                        job.bindings()),
                new Revision(
                        Optional.empty(),
                        branch,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Map.of(Work.CACHES, scope),
                "ana",
                List.of());
    }

    /** Text that does not become shorter by much. */
    private static String noise(int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        random.ints(12_000, 'a', 'z').forEach(text::appendCodePoint);
        return text.toString();
    }

    /** Keeps under a key an archive that nothing here would have packed. */
    private void put(String path, char kind, String content) throws IOException {
        Path archive = root.resolve("made");
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(Files.newOutputStream(archive)))) {
            out.writeInt(0xF10C0001);
            out.writeChar(kind);
            out.writeUTF(path);
            out.writeUTF("rw-------");
            out.writeLong(0);
            out.writeLong(content.length());
            out.writeBytes(content);
            out.writeChar('e');
        }
        entries().put(CacheScope.of(work("shared", "main", List.of())), List.of("deps"), "a", archive);
    }

    private Path blob() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("caches/archives"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private long blobs() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("caches/archives"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    /** Makes a cache look as if it was last used so many hours ago. */
    private void age(String key, int hours) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("caches/entries"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readAllLines(file).get(0).equals(key)) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(hours * 3600L)));
                }
            }
        }
    }
}

package dev.flujo.runner.cache;

import static dev.flujo.runner.cache.CachedJob.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.DerivedId;
import dev.flujo.event.plan.Supplies.Cache;
import dev.flujo.event.plan.Supplies.Cache.Policy;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
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

    @Test
    void findsWhatAnotherJobHasKeptWithPermissionsTimesAndLinks() throws IOException {
        Cache cache = new Cache(List.of("deps", "~/.tool"), Optional.of("k"), List.of(), List.of(), Policy.BOTH);
        CachedJob first = attempt("shared", "main", cache).with("deps/bin/run", "x");
        assertEquals("cache 'k': miss", first.restore());
        Path run = first.workspace.resolve("deps/bin/run");
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(run, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        Files.createSymbolicLink(first.workspace.resolve("deps/latest"), Path.of("bin/run"));
        Files.createDirectories(first.workspace.resolve("deps/empty"));
        Files.createDirectories(first.home.resolve(".tool"));
        Files.writeString(first.home.resolve(".tool/settings"), "s");
        assertTrue(first.keep().startsWith("cache 'k': kept, 3 files of "));

        CachedJob second = attempt("shared", "other", cache);

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
        CachedJob first = attempt("shared", "main", cache).with("a.lock", "1");
        first.restore();
        first.with("deps/a", "one").with("a.lock", "changed by a step");
        first.keep();

        assertEquals("one", attempt("shared", "main", cache).with("a.lock", "1").found());
        assertEquals(
                "nothing", attempt("shared", "main", cache).with("a.lock", "2").found());
        CachedJob again = attempt("shared", "main", cache).with("a.lock", "1");
        again.restore();
        assertTrue(again.keep().endsWith(": kept already"));
    }

    @Test
    void fallsBackToTheNewestWhoseKeyBeginsSo() throws IOException {
        attempt("shared", "main", named("m-1")).leave("one");
        attempt("shared", "main", named("m-2")).leave("two");
        attempt("shared", "main", named("n-3")).leave("three");
        CachedJob last = attempt("shared", "main", named("m-4", "x-", "m-"));

        assertTrue(last.restore().startsWith("cache 'm-4': hit by 'm-2', 1 files of "));
        assertEquals("two", Files.readString(last.workspace.resolve("deps/a")));
    }

    @Test
    void writesAndReadsOnlyAsThePolicySays() throws IOException {
        Cache pull = new Cache(List.of("deps"), Optional.of("k"), List.of(), List.of(), Policy.PULL);
        Cache push = new Cache(List.of("deps"), Optional.of("k"), List.of(), List.of(), Policy.PUSH);
        CachedJob pulling = attempt("shared", "main", pull).with("deps/a", "none of it");
        pulling.restore();
        assertEquals("", pulling.keep());
        attempt("shared", "main", push).leave("one");

        assertEquals(
                "cache 'k': not read, as its policy says",
                attempt("shared", "main", push).restore());
        assertEquals("one", attempt("shared", "main", pull).found());
    }

    @Test
    void nobodyElseFindsWhatAPullRequestHasWritten() throws IOException {
        attempt("fork", "patch", named("k")).leave("strange");
        attempt("request", "patch", named("k")).leave("proposed");

        assertEquals("nothing", attempt("shared", "main", named("k")).found());
        assertEquals("nothing", attempt("shared", "patch", named("k", "")).found());
        assertEquals("nothing", attempt("request", "other", named("k", "")).found());
        assertEquals("nothing", attempt("fork", "other", named("k", "")).found());
        assertEquals("proposed", attempt("request", "patch", named("k")).found());
        assertEquals("strange", attempt("fork", "patch", named("k")).found());
    }

    @Test
    void pullRequestsFindWhatTheBranchesOfTheRepositoryHaveWritten() throws IOException {
        attempt("shared", "main", named("k")).leave("accepted");

        assertEquals("accepted", attempt("request", "patch", named("k")).found());
        assertEquals("accepted", attempt("fork", "patch", named("k")).found());
        attempt("request", "patch", named("k")).leave("proposed");
        assertEquals("proposed", attempt("request", "patch", named("k")).found());
        assertEquals("accepted", attempt("shared", "main", named("k")).found());
    }

    @Test
    void aRunThatIsDoneAgainWritesNothing() throws IOException {
        CachedJob again = attempt("none", "main", named("k")).with("deps/a", "x");
        again.restore();

        assertEquals("cache 'k': not kept: a run that is done again writes none", again.keep());
        assertEquals("nothing", attempt("shared", "main", named("k")).found());
    }

    @Test
    void forgetsWhatWasNotUsedForTheLongestTimeAndItsBytes() throws IOException {
        most = 16_000;
        attempt("shared", "main", named("a")).leave(noise(1));
        attempt("shared", "main", named("b")).leave(noise(2));
        age("a", 3);
        age("b", 2);
        assertTrue(attempt("shared", "main", named("a")).restore().contains("hit"));

        attempt("shared", "main", named("c")).leave(noise(3));

        assertEquals(noise(1), attempt("shared", "main", named("a")).found());
        assertEquals("nothing", attempt("shared", "main", named("b")).found());
        assertEquals(noise(3), attempt("shared", "main", named("c")).found());
        assertEquals(2, blobs());
    }

    @Test
    void keepsNoBytesOfWhatWasReplaced() throws IOException {
        attempt("shared", "main", named("a")).leave(noise(1));
        CachedJob next = attempt("shared", "main", named("a")).with("deps/b", noise(2));
        next.restore();
        next.keep();

        assertEquals(1, blobs());
    }

    @Test
    void keepsNothingThatIsTooLarge() throws IOException {
        mostOfOne = 1000;
        CachedJob attempt = attempt("shared", "main", named("a")).with("deps/a", noise(1));
        attempt.restore();

        assertEquals("cache 'a': not kept: it has more than 1000 bytes", attempt.keep());
    }

    @Test
    void unpacksNothingThatWouldBecomeTooLarge() throws IOException {
        attempt("shared", "main", named("a")).leave("0".repeat(100_000));
        mostOfOne = 1000;
        CachedJob attempt = attempt("shared", "main", named("a"));

        assertEquals("cache 'a': not read: it unpacks to more than 1000 bytes", attempt.restore());
        assertFalse(Files.exists(attempt.workspace.resolve("deps")));
    }

    @Test
    void readsNothingWhoseBytesAreOthersThanThoseThatWereKept() throws IOException {
        attempt("shared", "main", named("a")).leave("x");
        Files.writeString(blob(), "others");

        CachedJob attempt = attempt("shared", "main", named("a"));

        assertEquals("cache 'a': not read: its bytes are not those that were kept", attempt.restore());
        Files.delete(blob());
        assertEquals("cache 'a': not read: it was removed to make room", attempt.restore());
        assertFalse(Files.exists(attempt.workspace.resolve("deps")));
    }

    @Test
    void keepsAgainWhatHasLostItsArchive() throws IOException {
        Cache cache = new Cache(List.of("deps"), Optional.of("m-"), List.of("*.lock"), List.of(), Policy.BOTH);
        attempt("shared", "main", cache).with("a.lock", "1").leave("one");
        Files.delete(blob());
        CachedJob next = attempt("shared", "main", cache).with("a.lock", "1");

        assertTrue(next.restore().endsWith(": not read: it was removed to make room"));
        next.with("deps/a", "two");
        assertTrue(next.keep().contains(": kept, 1 files of "));

        assertEquals("two", attempt("shared", "main", cache).with("a.lock", "1").found());
    }

    @Test
    void findsNothingInANoteThatSaysSomethingElse() throws IOException {
        attempt("shared", "main", named("a")).leave("x");
        List<String> whole = Files.readAllLines(note());
        for (byte[] garbage : List.of(
                new byte[0],
                new byte[] {(byte) 0xff, 0, '\n'},
                String.join("\n", whole.subList(0, 3)).getBytes(StandardCharsets.UTF_8),
                "a\n../../b\n1\n2026-01-02T03:04:05Z\n".getBytes(StandardCharsets.UTF_8),
                ("a\n" + whole.get(1) + "\nmany\n" + whole.get(3)).getBytes(StandardCharsets.UTF_8),
                ("a\n" + whole.get(1) + "\n1\nlately").getBytes(StandardCharsets.UTF_8))) {
            Files.write(note(), garbage);

            assertEquals(
                    "cache 'a': miss",
                    attempt("shared", "main", named("a", "a")).restore());
            attempt("shared", "main", named("b")).leave("y");
        }

        attempt("shared", "main", named("a")).leave("z");
        assertEquals("z", attempt("shared", "main", named("a")).found());
    }

    @Test
    void laysNothingElsewhereWhateverAnArchiveSays() throws IOException {
        for (String path :
                List.of("deps/../../evil", "/evil", "other", "deps//evil", "deps/./evil", "~/evil", "depsy")) {
            put(path, 'f', "x");

            CachedJob attempt = attempt("shared", "main", named("a"));

            assertEquals(
                    "cache 'a': not read: it has a file at " + path + ", which the cache does not keep",
                    attempt.restore());
            assertFalse(Files.exists(attempt.workspace.resolve("deps"), LinkOption.NOFOLLOW_LINKS));
        }
        put("deps/device", 'b', "x");
        assertTrue(attempt("shared", "main", named("a")).restore().contains("it has entries of another kind"));
    }

    @Test
    void neverWritesOrReadsThroughALink() throws IOException {
        Path outside = Files.createDirectories(root.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        attempt("shared", "main", named("a")).leave("x");
        CachedJob reading = attempt("shared", "main", named("a"));
        Files.createSymbolicLink(reading.workspace.resolve("deps"), outside);

        assertTrue(reading.restore().contains("not read: Expected a path of directories"));
        assertFalse(Files.exists(outside.resolve("a")));
        CachedJob writing = attempt("shared", "main", named("b"));
        writing.restore();
        Files.createSymbolicLink(writing.workspace.resolve("deps"), outside);
        assertTrue(writing.keep().contains("not kept: Expected a path of directories"));
    }

    @Test
    void leavesWhatTheCheckoutHasBrought() throws IOException {
        attempt("shared", "main", named("a")).leave("of the cache");
        CachedJob attempt = attempt("shared", "main", named("a")).with("deps/a", "of the commit");

        attempt.restore();

        assertEquals("of the commit", Files.readString(attempt.workspace.resolve("deps/a")));
    }

    @Test
    void saysThatThereIsNothingToKeep() throws IOException {
        CachedJob attempt = attempt("shared", "main", named("a"));
        attempt.restore();

        assertEquals("cache 'a': not kept: there is nothing at deps", attempt.keep());
    }

    @Test
    void failsNoJobWhereNothingCanBeStored() throws IOException {
        Files.writeString(root.resolve("caches"), "no directory");
        CachedJob attempt = attempt("shared", "main", named("a")).with("deps/a", "x");

        assertTrue(attempt.restore().startsWith("cache 'a': not read: "));
        assertTrue(attempt.keep().startsWith("cache 'a': not kept: "));
    }

    private CacheEntries entries() {
        return CacheEntries.of(root.resolve("caches"), most);
    }

    private CachedJob attempt(String scope, String branch, Cache... caches) throws IOException {
        return new CachedJob(
                root.resolve("attempt-" + attempts++),
                entries(),
                CachedJob.work(scope, branch, List.of(caches)),
                mostOfOne);
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
        entries().put(CacheScope.of(CachedJob.work("shared", "main", List.of())), List.of("deps"), "a", archive);
    }

    private Path blob() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("caches/archives"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    /** The note of the cache that is named 'a'. */
    private Path note() throws IOException {
        String name = DerivedId.digestOf("a") + ".entry";
        try (Stream<Path> files = Files.walk(root.resolve("caches/entries"))) {
            return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
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

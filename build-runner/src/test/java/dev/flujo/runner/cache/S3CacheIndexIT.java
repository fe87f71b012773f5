package dev.flujo.runner.cache;

import static dev.flujo.runner.cache.CachedJob.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.plan.Supplies.Cache;
import dev.flujo.kit.blob.BlobConfig;
import dev.flujo.kit.blob.S3Bucket;
import dev.flujo.runner.cache.CacheIndex.Note;
import dev.flujo.stack.Await;
import dev.flujo.stack.Checkout;
import dev.flujo.stack.S3Server;
import dev.flujo.stack.ServerProcess;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real store that speaks S3, as a process of its own: the index alone, and runners that share no directory. */
class S3CacheIndexIT extends CacheIndexContract {

    private static final long PLENTY = 1_000_000;

    @TempDir
    static Path place;

    private static S3Server server;
    private static int tests;

    @TempDir
    Path root;

    private String prefix;
    private CacheIndex index;

    /** What one machine has of the caches: nothing but a client of the bucket. */
    private final class Runner {

        private final CacheEntries entries;
        private final Path attempts;
        private int attempt;

        Runner(String name, long mostBytes, Map<String, String> changed) {
            this.entries = CacheEntries.of(bucket(changed), mostBytes);
            this.attempts = root.resolve(name);
        }

        Runner(String name) {
            this(name, PLENTY, Map.of());
        }

        CachedJob job(String scope, Cache cache) throws IOException {
            return new CachedJob(
                    attempts.resolve("attempt-" + attempt++),
                    entries,
                    CachedJob.work(scope, "patch", List.of(cache)),
                    PLENTY);
        }
    }

    @BeforeAll
    static void begin() {
        server = new S3Server(
                Checkout.find(),
                place.resolve("s3"),
                Await.freePort(),
                new ServerProcess("s3", place.resolve("run"), place.resolve("logs")));
        server.start();
        server.awaitReady();
    }

    @AfterAll
    static void end() {
        server.discard();
    }

    @BeforeEach
    void beginWithNothing() {
        prefix = "test-" + tests++ + "/";
        index = new S3CacheIndex(bucket(Map.of()).below("entries/"));
    }

    @Override
    CacheIndex index() {
        return index;
    }

    @Override
    void age(String name, Duration ago) throws IOException {
        Files.setLastModifiedTime(
                objects("entries").resolve(name), FileTime.from(Instant.now().minus(ago)));
    }

    @Test
    void remembersAUseOnlyToTheHour() throws IOException {
        index.write("a1/b2", "x");
        age("a1/b2", Duration.ofMinutes(50));
        Note before = index.read("a1/b2").orElseThrow();

        index.used(before);

        assertEquals(before, index.read("a1/b2").orElseThrow());
    }

    @Test
    void oneRunnerFindsWhatAnotherHasKept() throws IOException {
        Runner one = new Runner("one");
        Runner other = new Runner("other");
        one.job("shared", named("m-1")).leave("first");
        other.job("shared", named("m-2")).leave("second");
        other.job("fork", named("m-3")).leave("strange");

        assertTrue(other.job("shared", named("m-1")).restore().startsWith("cache 'm-1': hit, 1 files of "));
        assertEquals("first", other.job("shared", named("m-1")).found());
        assertEquals("second", one.job("shared", named("m-4", "x-", "m-")).found());
        assertEquals("nothing", one.job("shared", named("m-3")).found());
        assertEquals("strange", one.job("fork", named("m-3")).found());
    }

    @Test
    void oneRunnerFindsWhatAnotherHasPutInThePlaceOfItsOwn() throws IOException {
        Runner one = new Runner("one");
        Runner other = new Runner("other");
        one.job("shared", named("m-1")).leave("before");
        assertEquals("before", one.job("shared", named("m-2", "m-")).found());

        other.job("shared", named("m-1")).leave("after");

        assertEquals("after", one.job("shared", named("m-2", "m-")).found());
        assertEquals(1, archives().size());
    }

    @Test
    void forgetsWhatNoRunnerHasUsedForTheLongestTime() throws IOException {
        Runner one = new Runner("one", 16_000, Map.of());
        Runner other = new Runner("other", 16_000, Map.of());
        one.job("shared", named("a")).leave(noise(1));
        one.job("shared", named("b")).leave(noise(2));
        for (Note note : index.below("")) {
            age(note.name(), Duration.ofHours(note.text().startsWith("a\n") ? 3 : 2));
        }
        assertEquals(noise(1), other.job("shared", named("a")).found());

        one.job("shared", named("c")).leave(noise(3));

        assertEquals(noise(1), other.job("shared", named("a")).found());
        assertEquals("nothing", other.job("shared", named("b")).found());
        assertEquals(noise(3), other.job("shared", named("c")).found());
        assertEquals(2, archives().size());
    }

    @Test
    void runnersThatMakeRoomAtOnceDoNoHarm() throws IOException, InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> keeping = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int number = i;
                keeping.add(threads.submit(() -> {
                    Runner runner = new Runner("runner-" + number, 16_000, Map.of());
                    for (int cache = 0; cache < 5; cache++) {
                        runner.job("shared", named(number + "-" + cache)).leave(noise(10 * number + cache));
                    }
                    return null;
                }));
            }
            for (Future<?> each : keeping) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }

        Runner last = new Runner("last", 16_000, Map.of());
        last.job("shared", named("k")).leave(noise(99));

        assertEquals(noise(99), last.job("shared", named("k")).found());
        assertEquals(2, index.below("").size());
        assertEquals(2, archives().size());
    }

    @Test
    void missesWhatHasLostItsArchiveAndKeepsItAgain() throws IOException {
        Runner one = new Runner("one");
        one.job("shared", named("a")).leave("x");
        Files.delete(archives().get(0));

        assertEquals(
                "cache 'a': not read: it was removed to make room",
                one.job("shared", named("a")).restore());
        assertEquals(List.of(), index.below(""));
        one.job("shared", named("a")).leave("x");

        assertEquals("x", new Runner("other").job("shared", named("a")).found());
    }

    @Test
    void failsNoJobWhileTheStoreIsAwayOrRefuses() throws IOException {
        Runner away =
                new Runner("away", PLENTY, Map.of("flujo.blobs.s3.endpoint", "http://127.0.0.1:" + Await.freePort()));
        Path wrong = Files.writeString(root.resolve("key"), "of yesterday");
        CachedJob refused = new Runner("refused", PLENTY, Map.of("flujo.blobs.s3.secret-key-file", wrong.toString()))
                .job("shared", named("a"))
                .with("deps/a", "x");

        String said = away.job("shared", named("a")).restore();
        assertTrue(said.startsWith("cache 'a': not read: Expected the bucket 'flujo' to give " + prefix), said);
        assertTrue(refused.restore().startsWith("cache 'a': not read: Expected the bucket 'flujo' to give "));
        assertTrue(refused.keep().startsWith("cache 'a': not kept: Expected the bucket 'flujo' to give "));
    }

    private Path objects(String kind) {
        return server.objects().resolve(S3Server.BUCKET).resolve(prefix + kind);
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(objects("archives"))) {
            return files.toList();
        }
    }

    private S3Bucket bucket(Map<String, String> changed) {
        Map<String, String> values = new HashMap<>(Map.of(
                "flujo.blobs.s3.prefix", prefix,
                "flujo.blobs.s3.endpoint", server.endpoint().toString(),
                "flujo.blobs.s3.access-key-file", server.accessKey().toString(),
                "flujo.blobs.s3.secret-key-file", server.secretKey().toString()));
        values.putAll(changed);
        BlobConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(BlobConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(BlobConfig.class);
        return S3Bucket.open(S3Server.BUCKET, config.s3());
    }

    /** Text that does not become shorter by much. */
    private static String noise(int seed) {
        StringBuilder text = new StringBuilder();
        new Random(seed).ints(12_000, 'a', 'z').forEach(text::appendCodePoint);
        return text.toString();
    }
}

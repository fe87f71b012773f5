package dev.flujo.runner;

import static dev.flujo.runner.cache.CachedJob.named;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.kit.blob.BlobConfig;
import dev.flujo.runner.cache.CachedJob;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachesProducerTest {

    private static final long PLENTY = 1_000_000;

    @TempDir
    Path root;

    private record Config(Optional<Path> directory, long bytes, long entryBytes) implements RunnerConfig.Cache {}

    @Test
    void cachesLieBesideTheBlobs() throws IOException {
        job(Optional.empty(), Map.of()).leave("x");

        assertTrue(Files.isDirectory(root.resolve("blobs/caches/entries")));
        assertTrue(Files.isDirectory(root.resolve("blobs/caches/archives")));
    }

    @Test
    void cachesLieInTheBucketWhereOneIsNamed() throws IOException {
        String said =
                job(Optional.empty(), Map.of("flujo.blobs.s3.bucket", "builds")).restore();

        assertTrue(
                said.startsWith("cache 'k': not read: Expected the bucket 'builds' to give blobs/caches/entries/"),
                said);
        assertTrue(said.contains("a key in the file "), said);
    }

    @Test
    void cachesLieInTheDirectoryThatIsNamedForThemThoughThereIsABucket() throws IOException {
        Optional<Path> directory = Optional.of(root.resolve("near"));

        job(directory, Map.of("flujo.blobs.s3.bucket", "builds")).leave("x");

        assertTrue(Files.isDirectory(root.resolve("near/entries")));
        assertEquals(
                "x", job(directory, Map.of("flujo.blobs.s3.bucket", "builds")).found());
    }

    /** A job of a runner that has this configuration; no file has the key of the bucket. */
    private CachedJob job(Optional<Path> directory, Map<String, String> more) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "flujo.blobs.directory", root.resolve("blobs").toString(),
                "flujo.blobs.s3.access-key-file", root.resolve("none").toString(),
                "flujo.blobs.s3.secret-key-file", root.resolve("none").toString()));
        values.putAll(more);
        BlobConfig blobs = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(BlobConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(BlobConfig.class);
        return new CachedJob(
                Files.createTempDirectory(root, "attempt"),
                CachesProducer.caches(new Config(directory, PLENTY, PLENTY), blobs),
                CachedJob.work("shared", "main", List.of(named("k"))),
                PLENTY);
    }
}

package dev.flujo.runner;

import dev.flujo.kit.blob.BlobConfig;
import dev.flujo.kit.blob.S3Bucket;
import dev.flujo.runner.cache.CacheEntries;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;

/** Gives the runner the caches of its configuration: in a directory that is named for them, or else below the blobs. */
@Singleton
public class CachesProducer {

    @Produces
    @Singleton
    CacheEntries caches(RunnerConfig config, BlobConfig blobs) {
        return caches(config.cache(), blobs);
    }

    static CacheEntries caches(RunnerConfig.Cache config, BlobConfig blobs) {
        Optional<String> bucket = blobs.s3().bucket();
        if (config.directory().isEmpty() && bucket.isPresent()) {
            return CacheEntries.of(S3Bucket.open(bucket.get(), blobs.s3()).below("caches/"), config.bytes());
        }
        Path directory = config.directory().orElseGet(() -> blobs.directory().resolve("caches"));
        return CacheEntries.of(directory.toAbsolutePath(), config.bytes());
    }
}

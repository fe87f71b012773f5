package dev.flujo.runner.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

class FileCacheIndexTest extends CacheIndexContract {

    @TempDir
    Path directory;

    @Override
    CacheIndex index() {
        return new FileCacheIndex(directory.resolve("entries"));
    }

    @Override
    void age(String name, Duration ago) throws IOException {
        Files.setLastModifiedTime(
                directory.resolve("entries").resolve(name + ".entry"),
                FileTime.from(Instant.now().minus(ago)));
    }
}

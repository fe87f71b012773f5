package dev.flujo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {

    private static final int BYTES = 200_000;

    @TempDir
    private Path directory;

    @Test
    void hasSoManyBytesInOnePackAndAChangeAddsLittle() throws Exception {
        Repository repository = Repository.make(directory, "shop", BYTES, 10_000);
        String first = repository.head();

        assertEquals(1, packs(repository).size());
        long bytes = Files.size(packs(repository).get(0));
        assertTrue(bytes > BYTES && bytes < BYTES * 1.1, bytes + " bytes");

        repository.change("more");

        assertNotEquals(first, repository.head());
        assertTrue(bytes(repository.bare()) < BYTES * 1.3, bytes(repository.bare()) + " bytes");
    }

    private static List<Path> packs(Repository repository) throws IOException {
        try (Stream<Path> files = Files.list(repository.bare().resolve("objects/pack"))) {
            return files.filter(file -> file.toString().endsWith(".pack")).toList();
        }
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("objects"))) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        }
    }
}

package dev.flujo.kit.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileBlobStoreTest extends BlobStoreContract {

    @Override
    BlobStore store() {
        return new FileBlobStore(directory.resolve("blobs"));
    }

    @Test
    void keepsTheSameBytesOnce() throws IOException {
        store().put(file("abc"));
        store().put(file("abc"));

        try (Stream<Path> files = Files.walk(directory.resolve("blobs")).filter(Files::isRegularFile)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void letsWhoReadsABlobReadItToItsEnd() throws IOException {
        store().put(file("abc"));
        try (InputStream in = store().open(ABC)) {
            store().delete(ABC);

            assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), in.readAllBytes());
        }
    }
}

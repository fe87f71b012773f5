package dev.flujo.kit.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest {

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path directory;

    @Test
    void givesBackTheBytesThatWerePutUnderTheirDigest() throws IOException {
        Blob blob = store().put(file("abc"));

        assertEquals(new Blob(ABC, 3), blob);
        try (InputStream in = store().open(ABC)) {
            assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), in.readAllBytes());
        }
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
    void saysThatABlobIsMissing() {
        assertFalse(store().has(ABC));
        assertThrows(NoSuchFileException.class, () -> store().open(ABC));
    }

    @Test
    void hasABlobNoMoreOnceItIsDeletedAndLetsReadersEnd() throws IOException {
        store().put(file("abc"));
        try (InputStream in = store().open(ABC)) {
            store().delete(ABC);
            store().delete(ABC);

            assertFalse(store().has(ABC));
            assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), in.readAllBytes());
        }
    }

    @Test
    void takesNoNameThatIsNotADigest() throws IOException {
        Files.writeString(directory.resolve("secret"), "secret");

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> store().open("../secret"));

        assertTrue(refused.getMessage().startsWith("Expected a SHA-256"));
    }

    private FileBlobStore store() {
        return new FileBlobStore(directory.resolve("blobs"));
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("file"), content);
    }
}

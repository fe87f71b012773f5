package dev.flujo.kit.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every blob store does. */
abstract class BlobStoreContract {

    static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path directory;

    /** The store; always the same one within a test. */
    abstract BlobStore store();

    @Test
    void givesBackTheBytesThatWerePutUnderTheirDigest() throws IOException {
        Blob blob = store().put(file("abc"));

        assertEquals(new Blob(ABC, 3), blob);
        assertArrayEquals("abc".getBytes(StandardCharsets.UTF_8), bytes(ABC));
    }

    @Test
    void keepsFilesThatAreLargeAndFilesThatAreEmpty() throws IOException {
        byte[] large = new byte[20_000_000];
        new Random(1).nextBytes(large);
        Path file = Files.write(directory.resolve("large"), large);

        Blob blob = store().put(file);
        Blob empty = store().put(file(""));

        assertEquals(large.length, blob.bytes());
        assertArrayEquals(large, bytes(blob.sha256()));
        assertArrayEquals(new byte[0], bytes(empty.sha256()));
    }

    @Test
    void takesTheSameBytesTwice() throws IOException {
        Blob first = store().put(file("twice"));
        Blob second = store().put(file("twice"));

        assertEquals(first, second);
        assertArrayEquals("twice".getBytes(StandardCharsets.UTF_8), bytes(first.sha256()));
    }

    @Test
    void saysThatABlobIsMissing() {
        assertThrows(NoSuchFileException.class, () -> store().open("0".repeat(64)));
    }

    @Test
    void hasABlobNoMoreOnceItIsDeleted() throws IOException {
        String name = store().put(file("short-lived")).sha256();

        store().delete(name);
        store().delete(name);

        assertThrows(NoSuchFileException.class, () -> store().open(name));
    }

    @Test
    void takesNoNameThatIsNotADigest() throws IOException {
        Files.writeString(directory.resolve("secret"), "secret");

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> store().open("../secret"));

        assertTrue(refused.getMessage().startsWith("Expected a SHA-256"));
    }

    final byte[] bytes(String sha256) throws IOException {
        try (InputStream in = store().open(sha256)) {
            return in.readAllBytes();
        }
    }

    final Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("file"), content);
    }
}

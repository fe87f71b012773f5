package dev.flujo.kit.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InternalTokenVerifierTest {

    @TempDir
    Path directory;

    @Test
    void acceptsEveryTokenOfTheFileSoThatOldAndNewOverlap() throws IOException {
        InternalTokenVerifier verifier = verifier("old\nnew\n");

        assertEquals("flujo", verifier.verify("old").orElseThrow().name());
        assertEquals("flujo", verifier.verify("new").orElseThrow().name());
    }

    @Test
    void refusesEverythingElse() throws IOException {
        InternalTokenVerifier verifier = verifier("token\n\n");

        assertTrue(verifier.verify("toke").isEmpty());
        assertTrue(verifier.verify("").isEmpty());
        assertTrue(new InternalTokenVerifier(Optional.empty()).verify("token").isEmpty());
    }

    @Test
    void followsARotationWithoutARestart() throws IOException {
        InternalTokenVerifier verifier = verifier("old");
        Files.writeString(directory.resolve("token"), "new");

        assertTrue(verifier.verify("old").isEmpty());
        assertTrue(verifier.verify("new").isPresent());
    }

    @Test
    void namesTheFileThatItCannotRead() {
        InternalTokenVerifier verifier = new InternalTokenVerifier(Optional.of(directory.resolve("absent")));

        UncheckedIOException failure = assertThrows(UncheckedIOException.class, () -> verifier.verify("token"));

        assertTrue(failure.getMessage().contains("absent"));
    }

    private InternalTokenVerifier verifier(String content) throws IOException {
        return new InternalTokenVerifier(Optional.of(Files.writeString(directory.resolve("token"), content)));
    }
}

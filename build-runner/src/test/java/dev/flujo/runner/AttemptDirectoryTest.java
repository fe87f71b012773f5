package dev.flujo.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptDirectoryTest {

    @TempDir
    Path root;

    private final UUID run = new UUID(0, 1);

    @Test
    void deletesWhatAJobHasMadeReadOnlyAndNothingThatALinkLeadsTo() throws IOException {
        Path kept = Files.writeString(root.resolve("kept"), "");
        AttemptDirectory directory = attempt(1);
        Path cache = Files.createDirectories(directory.workspace().resolve("cache/module"));
        Files.writeString(cache.resolve("file"), "");
        Files.createSymbolicLink(directory.workspace().resolve("file"), kept);
        Files.createSymbolicLink(directory.workspace().resolve("all"), root);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-xr-xr-x"));

        directory.delete();

        assertFalse(Files.exists(directory.path()));
        assertTrue(Files.exists(kept));
    }

    @Test
    void goesWithTheDirectoriesOfItsJobAndRunUnlessAnotherAttemptIsThere() throws IOException {
        AttemptDirectory first = attempt(1);
        AttemptDirectory second = attempt(2);

        first.delete();
        assertTrue(Files.exists(second.path()));

        second.delete();
        assertEquals(0, root.resolve("attempts").toFile().list().length);
    }

    private AttemptDirectory attempt(int number) throws IOException {
        AttemptDirectory directory = AttemptDirectory.of(root, new Attempt(run, "build", number));
        Files.createDirectories(directory.workspace());
        return directory;
    }
}

package dev.flujo.pipeline.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.PipelineServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {

    private static final String BROKEN = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void make() throws IOException {
        file = Files.writeString(directory.resolve("key"), PipelineServers.PROVENANCE_KEY);
    }

    @Test
    void thereAreNoneWhereNoFileIsNamedOrItHoldsNone() throws IOException {
        assertEquals(List.of(), new SigningKeys(Optional.empty()).published());

        Files.writeString(file, "placeholder");
        assertEquals(Optional.empty(), new SigningKeys(Optional.of(file)).current());
    }

    @Test
    void hearsOfAnotherFileWithoutARestart() throws IOException {
        SigningKeys keys = new SigningKeys(Optional.of(file));
        assertEquals(1, keys.published().size());

        Files.writeString(file, PipelineServers.PROVENANCE_KEY + PipelineServers.PROVENANCE_KEY);

        assertEquals(2, keys.published().size());
    }

    @Test
    void goesOnWithTheKeysOfBeforeWhereTheFileCannotBeUsedAnyMore() throws IOException {
        SigningKeys keys = new SigningKeys(Optional.of(file));
        String id = keys.published().get(0).id();

        Files.writeString(file, BROKEN);
        assertEquals(id, keys.published().get(0).id());
        Files.writeString(file, "");
        assertEquals(id, keys.published().get(0).id());
        Files.delete(file);
        assertEquals(id, keys.current().orElseThrow().publicKey().id());
    }

    @Test
    void saysAtTheStartThatTheFileCannotBeUsed() throws IOException {
        Files.writeString(file, BROKEN);
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> new SigningKeys(Optional.of(file)).current());

        assertTrue(
                refused.getMessage()
                        .startsWith("Expected signing keys in the file that flujo.provenance.key-file names"),
                refused.getMessage());
    }
}

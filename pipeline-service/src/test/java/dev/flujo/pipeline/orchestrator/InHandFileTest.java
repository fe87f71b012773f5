package dev.flujo.pipeline.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InHandFileTest {

    @TempDir
    private Path directory;

    private InHandFile note;

    @Test
    void countsTheLivesThatHaveEndedWithARecordInHand() {
        nextLife();
        assertEquals(0, note.take("commits", 7));
        nextLife();
        assertEquals(1, note.take("commits", 7));
        nextLife();
        assertEquals(2, note.take("commits", 7));
        assertEquals(0, note.take("commands", 7), "a record of another topic");
        assertEquals(0, note.take("commits", 8), "the record after it");
    }

    @Test
    void remembersItWhileALifeBeginsWithTheRecordsBefore() {
        nextLife();
        goThrough(5);
        goThrough(6);
        note.take("commits", 7);
        nextLife();
        goThrough(5);
        goThrough(6);
        assertEquals(1, note.take("commits", 7));
        nextLife();
        goThrough(5);
        assertEquals(0, note.take("commits", 6));
        assertEquals(2, note.take("commits", 7));
    }

    @Test
    void aLifeThatEndsOtherwiseSuspectsNothing() {
        nextLife();
        goThrough(7);
        nextLife();

        assertEquals(0, note.take("commits", 7));
    }

    @Test
    void aLifeThatEndsOfAnotherRecordBeginsToCountAnew() {
        nextLife();
        note.take("commits", 7);
        nextLife();
        note.take("commits", 7);
        note.done();
        note.take("commits", 8);
        nextLife();

        assertEquals(0, note.take("commits", 7));
        assertEquals(1, note.take("commits", 8));
    }

    @Test
    void saysWhereItCannotBeKept() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> InHandFile.open(file, "task"));

        assertEquals(
                "Expected to keep a note of the record in hand in " + file + ", but " + file, refused.getMessage());
    }

    private void goThrough(long offset) {
        assertEquals(0, note.take("commits", offset));
        note.done();
    }

    private void nextLife() {
        note = InHandFile.open(directory, "task");
    }
}

package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidFileTest {

    @TempDir
    Path directory;

    @Test
    void findsTheProcessThatWasNoted() {
        PidFile noted = new PidFile(directory.resolve("run/kafka.pid"));
        noted.write(ProcessHandle.current());

        assertEquals(Optional.of(ProcessHandle.current()), new PidFile(directory.resolve("run/kafka.pid")).process());
    }

    @Test
    void namesNobodyWhenAnotherProcessHasTheNumberNow() throws IOException {
        Path file = directory.resolve("kafka.pid");
        new PidFile(file).write(ProcessHandle.current());
        Files.writeString(file, Files.readString(file) + "0");

        assertEquals(Optional.empty(), new PidFile(file).process());
        assertTrue(new PidFile(file).exists());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1", "-1 x", "0 x", "99999999999999999999 x", "1 2 3", "\0\0\0\0"})
    void namesNobodyWhenACrashHasLeftItBroken(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("kafka.pid"), content);

        assertEquals(Optional.empty(), new PidFile(file).process());
    }

    @Test
    void isGoneOnceDeletedAlsoTwice() {
        PidFile noted = new PidFile(directory.resolve("kafka.pid"));
        noted.write(ProcessHandle.current());

        noted.delete();
        noted.delete();

        assertFalse(noted.exists());
    }
}

package dev.flujo.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

    @TempDir
    Path directory;

    private final ProcessBuilder bystander = new ProcessBuilder("sleep", "1000");
    private ServerProcess member;

    @AfterEach
    void end() {
        if (member != null) {
            member.kill();
        }
    }

    @Test
    void isFoundAndEndedByAnotherFlujoProcess() {
        start("exec sleep 1000");
        ServerProcess seenByAnother = known();
        assertTrue(seenByAnother.alive());

        seenByAnother.stop(Duration.ofSeconds(10));

        assertFalse(member.alive());
        assertFalse(seenByAnother.crashed());
    }

    @Test
    void isEndedForGoodWhenItDoesNotEndByRequest() {
        start("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
        assertTrue(Await.until(Duration.ofSeconds(10), () -> member.lastLines(1).equals("deaf")));

        member.stop(Duration.ofMillis(200));

        assertFalse(known().alive());
    }

    @Test
    void saysThatItCrashed() {
        start("exec sleep 1000");
        member.process().orElseThrow().destroyForcibly();
        assertTrue(Await.until(Duration.ofSeconds(10), () -> !member.alive()));

        assertTrue(known().crashed());
        known().stop(Duration.ofSeconds(1));
        assertFalse(known().crashed());
    }

    @Test
    void neverEndsAnotherProcessThatHasItsNumberNow() throws IOException {
        Process other = bystander.start();
        try {
            Files.createDirectories(directory.resolve("run"));
            Files.writeString(directory.resolve("run/member.pid"), other.pid() + " of-an-earlier-process");

            known().stop(Duration.ofSeconds(1));
            Files.writeString(directory.resolve("run/member.pid"), other.pid() + " of-an-earlier-process");
            known().kill();

            assertTrue(other.isAlive());
            assertFalse(Files.exists(directory.resolve("run/member.pid")));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void showsTheEndOfItsLogWhateverBytesItIsMadeOf() {
        start("printf 'one\\n\\377\\376 two\\nthree\\n'");
        assertTrue(Await.until(Duration.ofSeconds(10), () -> !member.alive()));

        assertEquals("\uFFFD\uFFFD two\nthree", member.lastLines(2));
        assertEquals("one\n\uFFFD\uFFFD two\nthree", member.lastLines(100));
    }

    private void start(String script) {
        member = known();
        member.start(new ServerProcess.Launch(List.of("bash", "-c", script), Map.of(), directory));
    }

    private ServerProcess known() {
        return new ServerProcess("member", directory.resolve("run"), directory.resolve("logs"));
    }
}

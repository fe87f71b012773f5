package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentChangesTest {

    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    private final RecentChanges changes = new RecentChanges(Duration.ofMinutes(5));

    @Test
    void areAllAtFirstAndThenWhatIsNewForAWhile() {
        assertTrue(note("a", 0));
        assertTrue(note("a", 5));
        assertTrue(note("a", 10));
        assertFalse(note("a", 15));
        assertTrue(note("b", 20));
        assertFalse(note("b", 40));
    }

    @Test
    void areAgainWhatCouldNotBeSaid() {
        changes.begin();
        assertTrue(changes.note("main", "a", START));
        changes.begin();
        assertTrue(changes.note("main", "a", START.plus(Duration.ofHours(1))), "nobody has heard of it yet");
    }

    private boolean note(String commit, int minute) {
        changes.begin();
        boolean recent = changes.note("main", commit, START.plus(Duration.ofMinutes(minute)));
        changes.published();
        return recent;
    }
}

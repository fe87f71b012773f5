package dev.flujo.runner.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.runner.cache.CacheIndex.Note;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every index of caches does. */
abstract class CacheIndexContract {

    private static final Duration LONG = Duration.ofHours(30);

    /** The index; always the same one within a test. */
    abstract CacheIndex index() throws IOException;

    /** Makes a note look as if it was last used so long ago. */
    abstract void age(String name, Duration ago) throws IOException;

    @Test
    void givesBackWhatWasWrittenUnderTheName() throws IOException {
        index().write("a1/b2/c3", "größer\nzwei\n");

        Note note = index().read("a1/b2/c3").orElseThrow();

        assertEquals("a1/b2/c3", note.name());
        assertEquals("größer\nzwei\n", note.text());
        assertTrue(note.usedAt().isAfter(Instant.now().minus(Duration.ofMinutes(10))), note.toString());
    }

    @Test
    void hasNothingWhereNothingWasWritten() throws IOException {
        index().write("a1/b2", "x");

        assertEquals(Optional.empty(), index().read("a1/b3"));
        assertEquals(Optional.empty(), index().read("a1"));
        assertEquals(List.of(), index().below("a2"));
    }

    @Test
    void listsWhatLiesBelowANameAndNothingElse() throws IOException {
        index().write("a1/b2/c3", "one");
        index().write("a1/b2/c4", "two");
        index().write("a1/b21/c5", "of another whose name begins alike");
        index().write("a2/b2/c3", "of another");

        assertEquals(Map.of("a1/b2/c3", "one", "a1/b2/c4", "two"), texts("a1/b2"));
        assertEquals(4, texts("").size());
    }

    @Test
    void listsWhatIsThereByNow() throws IOException {
        index().write("a1/b2", "before");
        index().write("a1/b3", "short-lived");
        assertEquals(Map.of("a1/b2", "before", "a1/b3", "short-lived"), texts("a1"));

        index().write("a1/b2", "after");
        index().delete("a1/b3");

        assertEquals(Map.of("a1/b2", "after"), texts("a1"));
    }

    @Test
    void isReadAsOneOrTheOtherWhileItIsReplaced() throws IOException, InterruptedException, ExecutionException {
        CacheIndex index = index();
        String one = "1".repeat(20_000);
        String other = "2".repeat(30_000);
        index.write("a1/b2", one);
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = writer.submit(() -> {
                for (int i = 0; i < 10; i++) {
                    index.write("a1/b2", other);
                    index.write("a1/b2", one);
                }
                return null;
            });
            while (!writing.isDone()) {
                String read = index.read("a1/b2").orElseThrow().text();
                assertTrue(read.equals(one) || read.equals(other), () -> "of " + read.length() + " characters");
            }
            writing.get();
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void remembersThatANoteWasUsedAndLeavesIt() throws IOException {
        index().write("a1/b2", "x");
        age("a1/b2", LONG);
        Note before = index().read("a1/b2").orElseThrow();
        assertTrue(before.usedAt().isBefore(Instant.now().minus(Duration.ofHours(29))), before.toString());

        index().used(before);

        Note after = index().below("a1").get(0);
        assertEquals("x", after.text());
        assertTrue(after.usedAt().isAfter(Instant.now().minus(Duration.ofMinutes(10))), after.toString());
    }

    @Test
    void bringsNothingBackByItsUse() throws IOException {
        index().write("a1/b2", "x");
        age("a1/b2", LONG);
        Note note = index().read("a1/b2").orElseThrow();
        index().delete("a1/b2");
        index().delete("a1/b2");

        index().used(note);

        assertEquals(Optional.empty(), index().read("a1/b2"));
        assertEquals(List.of(), index().below("a1"));
    }

    private Map<String, String> texts(String below) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (Note note : index().below(below)) {
            texts.put(note.name(), note.text());
        }
        return texts;
    }
}

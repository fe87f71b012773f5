package dev.flujo.pipeline.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.pipeline.messaging.News;
import dev.flujo.stack.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of what another replica writes, of which nobody here tells any news. */
class FollowTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Follow follow = new Follow(new News());
    private final FakeList list = new FakeList();
    private final List<Long> told = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger ends = new AtomicInteger();

    /** The numbers from 1 to one that a test sets. */
    private static final class FakeList implements Follow.Growing<Long> {

        private final AtomicInteger readings = new AtomicInteger();
        private final AtomicInteger glances = new AtomicInteger();
        private volatile long last;
        private volatile boolean ended;

        @Override
        public boolean grown(long number) {
            glances.incrementAndGet();
            return last > number;
        }

        @Override
        public List<Long> after(long number) {
            readings.incrementAndGet();
            return last > number ? List.of(number + 1) : List.of();
        }

        @Override
        public boolean ended(long number) {
            return ended && number == last;
        }
    }

    @AfterEach
    void nothingHasFailed() {
        assertEquals(List.of(), failures);
    }

    @Test
    void tellsWhatIsThereAndWhatComesAndEndsWithTheList() {
        list.last = 2;
        begin(0);
        assertTrue(Await.until(PATIENCE, () -> told.size() == 2));

        list.last = 4;
        assertTrue(Await.until(PATIENCE, () -> told.size() == 4));
        list.ended = true;
        assertTrue(Await.until(PATIENCE, () -> ends.get() == 1));

        assertEquals(List.of(1L, 2L, 3L, 4L), told);
    }

    @Test
    void beginsAfterTheNumberThatWasSeenLast() {
        list.last = 3;
        list.ended = true;

        begin(2);

        assertTrue(Await.until(PATIENCE, () -> ends.get() == 1));
        assertEquals(List.of(3L), told);
    }

    @Test
    void mostlyTakesAGlance() {
        begin(0);

        assertTrue(Await.until(PATIENCE, () -> list.readings.get() >= 4));
        list.ended = true;
        assertTrue(Await.until(PATIENCE, () -> ends.get() == 1));

        assertTrue(
                list.glances.get() > list.readings.get(),
                () -> list.glances + " glances, " + list.readings + " readings");
    }

    private void begin(long after) {
        follow.from("log", after, list, Long::longValue)
                .subscribe()
                .with(told::add, failures::add, ends::incrementAndGet);
    }
}

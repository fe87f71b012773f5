package dev.flujo.core.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LockTest {

    private final List<Event> log = new ArrayList<>();
    private Lock lock = Lock.free("shop", "production");

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @Test
    void isGivenToTheFirstAndQueuesTheOthersInOrder() {
        happens(lock.decideRequested(request(1)), new LockAcquired("shop", "production", attempt(1)));
        happens(
                lock.decideRequested(request(2)),
                new LockQueued("shop", "production", attempt(2), Optional.of(attempt(1))));
        happens(
                lock.decideRequested(request(3)),
                new LockQueued("shop", "production", attempt(3), Optional.of(attempt(1))));
        happens(
                lock.decideReleased(attempt(1)),
                new LockReleased("shop", "production", attempt(1)),
                new LockAcquired("shop", "production", attempt(2)));
    }

    @Test
    void letsAnAttemptLeaveTheQueue() {
        happens(lock.decideRequested(request(1)), new LockAcquired("shop", "production", attempt(1)));
        lock.decideRequested(request(2)).forEach(this::apply);

        happens(lock.decideReleased(attempt(2)), new LockReleased("shop", "production", attempt(2)));
        happens(lock.decideReleased(attempt(1)), new LockReleased("shop", "production", attempt(1)));
        assertTrue(lock.unused());
    }

    @Test
    void hearsARepeatedWishAndAStrangersReleaseWithoutAWord() {
        happens(lock.decideRequested(request(1)), new LockAcquired("shop", "production", attempt(1)));

        happens(lock.decideRequested(request(1)));
        happens(lock.decideReleased(attempt(9)));
    }

    @Test
    void cannotBeAcquiredWhileItIsHeld() {
        apply(new LockAcquired("shop", "production", attempt(1)));

        assertThrows(
                IllegalStateException.class, () -> lock.evolve(new LockAcquired("shop", "production", attempt(2))));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void isHeldByOneAtATimeInTheOrderOfTheirWishes(int seed) {
        Random random = new Random(seed);
        Deque<Attempt> expected = new ArrayDeque<>();
        for (int i = 1; i < 100; i++) {
            if (random.nextInt(3) > 0) {
                expected.add(attempt(i));
                lock.decideRequested(request(i)).forEach(this::apply);
            } else if (!expected.isEmpty()) {
                Attempt leaving = random.nextBoolean() ? expected.peekFirst() : expected.peekLast();
                expected.remove(leaving);
                lock.decideReleased(leaving).forEach(this::apply);
            }
            assertEquals(Optional.ofNullable(expected.peekFirst()), lock.holder());
            assertEquals(expected.stream().skip(1).toList(), lock.queue());
            assertEquals(replayed(), lock);
        }
    }

    private void happens(List<Event> events, Event... expected) {
        assertEquals(List.of(expected), events);
        events.forEach(this::apply);
    }

    private void apply(Event event) {
        lock = lock.evolve((LockEvent) event);
        log.add(event);
    }

    private Lock replayed() {
        Lock replayed = Lock.free("shop", "production");
        for (Event event : log) {
            replayed = replayed.evolve((LockEvent) event);
        }
        return replayed;
    }

    private static LockRequested request(int number) {
        return new LockRequested("shop", "production", attempt(number));
    }

    private static Attempt attempt(int number) {
        return new Attempt(new UUID(0, number), "release", 1);
    }
}

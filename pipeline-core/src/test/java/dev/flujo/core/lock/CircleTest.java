package dev.flujo.core.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Concurrency.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CircleTest {

    private final Map<String, Lock> locks = new LinkedHashMap<>();

    @Test
    void twoRunsThatWaitForEachOthersTurnsAreACircle() {
        ask(turn(1), "x", 1);
        ask(turn(2), "y", 1);
        ask(job(1), "y", 1);
        assertEquals(Optional.empty(), closedBy(job(1), "y"));

        ask(job(2), "x", 1);

        assertEquals(
                Optional.of(new Circle(List.of(new Circle.Link("x", run(1)), new Circle.Link("y", run(2))))),
                closedBy(job(2), "x"));
    }

    @Test
    void whereAnotherHolderCanEndThereIsNoCircle() {
        ask(turn(1), "x", 1);
        ask(turn(2), "y", 2);
        ask(turn(3), "y", 2);
        ask(job(1), "y", 2);
        ask(job(2), "x", 1);

        assertEquals(Optional.empty(), closedBy(job(2), "x"), "run 3 goes on and makes room");
    }

    @Test
    void aCircleOfAllHoldersOfALargerLimitIsFound() {
        ask(turn(1), "x", 1);
        ask(turn(2), "y", 2);
        ask(turn(3), "y", 2);
        ask(job(1), "y", 2);
        ask(job(2), "x", 1);
        ask(job(3), "x", 1);

        assertEquals(
                List.of("x", "y"),
                closedBy(job(3), "x").orElseThrow().links().stream()
                        .map(Circle.Link::lock)
                        .toList());
    }

    @Test
    void whoWaitsBehindACircleIsNotInIt() {
        ask(turn(1), "x", 1);
        ask(turn(2), "y", 1);
        ask(turn(3), "z", 1);
        ask(job(1), "y", 1);
        ask(job(2), "x", 1);
        ask(job(3), "x", 1);

        assertEquals(Optional.empty(), closedBy(job(3), "x"));
    }

    @Test
    void aClaimThatHasItsLockWaitsForNobody() {
        ask(turn(1), "x", 1);
        ask(job(1), "y", 1);

        assertEquals(Optional.empty(), closedBy(job(1), "y"));
    }

    private Optional<Circle> closedBy(Claim claim, String lock) {
        return Circle.closedBy(claim, locks.get(lock), locks.values());
    }

    private void ask(Claim claim, String name, int limit) {
        Concurrency group = new Concurrency(name, limit, Policy.QUEUE, true);
        Lock lock = locks.getOrDefault(name, Lock.free("shop", name));
        for (LockEvent event : lock.decideRequested(new LockRequested("shop", name, claim, Optional.of(group)))) {
            lock = lock.evolve(event);
        }
        locks.put(name, lock);
    }

    private static Claim turn(int run) {
        return Claim.of(run(run));
    }

    private static Claim job(int run) {
        return Claim.of(new Attempt(run(run), "a", 1));
    }

    private static UUID run(int number) {
        return new UUID(0, number);
    }
}

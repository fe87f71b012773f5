package dev.flujo.core.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockRefused;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.LockEvent.LockSuperseded;
import dev.flujo.event.plan.Concurrency;
import dev.flujo.event.plan.Concurrency.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LockTest {

    private static final String NAME = "group:database";

    private Lock lock = Lock.free("shop", NAME);

    @Test
    void isGivenToTheFirstAndQueuesTheOthersInOrder() {
        happens(lock.decideRequested(wish(1)), wish(1), acquired(1));
        happens(lock.decideRequested(wish(2)), wish(2), queued(2, 1, 1));
        happens(lock.decideRequested(wish(3)), wish(3), queued(3, 1, 2));
        happens(lock.decideReleased(claim(1), true), released(1), acquired(2));
    }

    @Test
    void letsAClaimLeaveTheQueue() {
        asked(wish(1), wish(2));

        happens(lock.decideReleased(claim(2), true), released(2));
        happens(lock.decideReleased(claim(1), true), released(1));
        assertTrue(lock.unused());
    }

    @Test
    void hearsARepeatedWishAndAStrangersReleaseWithoutAWord() {
        asked(wish(1), wish(2));

        happens(lock.decideRequested(wish(1)));
        happens(lock.decideRequested(wish(2)));
        happens(lock.decideReleased(claim(9), true));
    }

    @Test
    void tellsTheAttemptsOfOneRunApartFromTheRun() {
        Claim attempt = Claim.of(new Attempt(new UUID(0, 1), "a", 1));

        asked(wish(1));
        asked(new LockRequested("shop", NAME, attempt, Optional.empty()));

        assertEquals(List.of(claim(1)), holders());
        assertEquals(List.of(attempt), queue());
    }

    @Test
    void cannotBeAcquiredByOneThatIsNotNext() {
        asked(wish(1), wish(2), wish(3));

        assertThrows(IllegalStateException.class, () -> lock.evolve(acquired(3)));
        assertThrows(IllegalStateException.class, () -> lock.evolve(acquired(2)));
    }

    @Test
    void isHeldByAsManyAsItsGroupLets() {
        asked(wish(1, 2, Policy.QUEUE), wish(2, 2, Policy.QUEUE), wish(3, 2, Policy.QUEUE));

        assertEquals(List.of(claim(1), claim(2)), holders());
        assertEquals(List.of(claim(3)), queue());
    }

    @Test
    void keepsTheSmallestLimitOfThoseThatHoldItAndOfTheNext() {
        asked(wish(1, 3, Policy.QUEUE), wish(2, 1, Policy.QUEUE), wish(3, 3, Policy.QUEUE));
        assertEquals(List.of(claim(1)), holders());

        happens(lock.decideReleased(claim(1), true), released(1), acquired(2));
        happens(lock.decideReleased(claim(2), true), released(2), acquired(3));
    }

    @Test
    void givesItToAllThatThereIsRoomForOnceASmallerLimitHasLeft() {
        asked(wish(1), wish(2, 2, Policy.QUEUE), wish(3, 2, Policy.QUEUE), wish(4, 2, Policy.QUEUE));

        happens(lock.decideReleased(claim(1), true), released(1), acquired(2), acquired(3));
    }

    @Test
    void latestOnlyEndsThoseThatWait() {
        asked(wish(1), wish(2));

        happens(
                lock.decideRequested(wish(3, 1, Policy.LATEST_ONLY)),
                wish(3, 1, Policy.LATEST_ONLY),
                superseded(2, 3),
                queued(3, 1, 1));
    }

    @Test
    void cancelOlderEndsThoseThatWaitAndGoOnOnce() {
        asked(wish(1), wish(2));

        happens(
                lock.decideRequested(wish(3, 1, Policy.CANCEL_OLDER)),
                wish(3, 1, Policy.CANCEL_OLDER),
                superseded(2, 3),
                superseded(1, 3),
                queued(3, 1, 1));
        happens(
                lock.decideRequested(wish(4, 1, Policy.CANCEL_OLDER)),
                wish(4, 1, Policy.CANCEL_OLDER),
                superseded(3, 4),
                queued(4, 1, 1));
        happens(lock.decideReleased(claim(1), true), released(1), acquired(4));
    }

    @Test
    void cancelOlderWaitsForWhatMustNotBeCancelled() {
        asked(new LockRequested(
                "shop", NAME, claim(1), Optional.of(new Concurrency("database", 1, Policy.QUEUE, false))));

        happens(
                lock.decideRequested(wish(2, 1, Policy.CANCEL_OLDER)),
                wish(2, 1, Policy.CANCEL_OLDER),
                queued(2, 1, 1));
    }

    @Test
    void anEnvironmentIsHeldByOneAndEndsNobody() {
        LockRequested first = new LockRequested("shop", NAME, claim(1), Optional.empty());
        asked(first, new LockRequested("shop", NAME, claim(2), Optional.empty()));

        happens(
                lock.decideRequested(wish(3, 5, Policy.CANCEL_OLDER)),
                wish(3, 5, Policy.CANCEL_OLDER),
                superseded(2, 3),
                queued(3, 1, 1));
    }

    @Test
    void anEnvironmentIsNotGivenToWhatIsOlderThanTheNewestThatWasLeftThere() {
        asked(toDeploy(2), toDeploy(1), toDeploy(3));

        happens(
                lock.decideReleased(claim(2), true),
                new LockReleased("shop", NAME, claim(2), Optional.of(age(2))),
                new LockRefused("shop", NAME, claim(1), claim(2)),
                acquired(3));
        assertTrue(lock.outdates(age(1)));
        assertFalse(lock.outdates(age(2)));
    }

    @Test
    void anEnvironmentIsGivenToWhatIsOlderWhereTheNewerOneFailed() {
        asked(toDeploy(2), toDeploy(1));

        happens(lock.decideReleased(claim(2), false), released(2), acquired(1));
    }

    @Test
    void refusesWhatIsOlderAlsoWhereNobodyHoldsTheEnvironment() {
        asked(toDeploy(2));
        lock.decideReleased(claim(2), true).forEach(event -> lock = lock.evolve(event));

        happens(lock.decideRequested(toDeploy(1)), toDeploy(1), new LockRefused("shop", NAME, claim(1), claim(2)));
        happens(lock.decideRequested(toDeploy(4)), toDeploy(4), acquired(4));
    }

    @Test
    void anOlderOneThatSomebodyLetsThroughIsNewFromThenOn() {
        asked(toDeploy(2));
        lock.decideReleased(claim(2), true).forEach(event -> lock = lock.evolve(event));
        LockRequested again = new LockRequested(
                "shop", NAME, claim(1).run(), Optional.empty(), Optional.empty(), Optional.of(age(9)));

        happens(lock.decideRequested(again), again, acquired(1));
        lock.decideReleased(claim(1), true).forEach(event -> lock = lock.evolve(event));

        assertTrue(lock.outdates(age(2)));
    }

    private static LockRequested toDeploy(int number) {
        return new LockRequested(
                "shop", NAME, claim(number).run(), Optional.empty(), Optional.empty(), Optional.of(age(number)));
    }

    private static Instant age(int number) {
        return Instant.EPOCH.plusSeconds(number);
    }

    private void asked(LockRequested... wishes) {
        for (LockRequested wish : wishes) {
            lock.decideRequested(wish).forEach(event -> lock = lock.evolve(event));
        }
    }

    private void happens(List<LockEvent> events, LockEvent... expected) {
        assertEquals(List.of(expected), events);
        events.forEach(event -> lock = lock.evolve(event));
    }

    private List<Claim> holders() {
        return claims(lock.holders());
    }

    private List<Claim> queue() {
        return claims(lock.queue());
    }

    private static List<Claim> claims(List<Place> places) {
        return new ArrayList<>(places.stream().map(Place::claim).toList());
    }

    private static LockRequested wish(int number) {
        return wish(number, 1, Policy.QUEUE);
    }

    private static LockRequested wish(int number, int limit, Policy policy) {
        Concurrency group = new Concurrency("database", limit, policy, true);
        return new LockRequested("shop", NAME, claim(number), Optional.of(group));
    }

    private static LockQueued queued(int number, int holder, int place) {
        return new LockQueued("shop", NAME, claim(number), Optional.of(claim(holder)), place);
    }

    private static LockAcquired acquired(int number) {
        return new LockAcquired("shop", NAME, claim(number));
    }

    private static LockReleased released(int number) {
        return new LockReleased("shop", NAME, claim(number), Optional.empty());
    }

    private static LockSuperseded superseded(int number, int by) {
        return new LockSuperseded("shop", NAME, claim(number), claim(by));
    }

    private static Claim claim(int number) {
        return Claim.of(new UUID(0, number));
    }
}

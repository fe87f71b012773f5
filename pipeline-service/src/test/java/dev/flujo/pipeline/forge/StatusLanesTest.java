package dev.flujo.pipeline.forge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StatusLanesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> settled = Collections.synchronizedList(new ArrayList<>());

    @Test
    void tellOfAProjectInOrderAlsoWhenTheForgeIsAway() {
        AtomicInteger tries = new AtomicInteger();
        try (StatusLanes lanes = lanes(open -> {
            if (tries.incrementAndGet() == 2) {
                throw new ForgeAway("away", Optional.empty(), null);
            }
            return first(open);
        })) {
            for (int i = 1; i <= 4; i++) {
                lanes.add(due("shop", 0, i, Instant.now()));
            }
            awaitSettled(4);

            assertEquals(List.of("shop1", "shop2", "shop3", "shop4"), told);
            assertEquals(told, settled);
            assertEquals(0, lanes.open());
        }
    }

    @Test
    void settleTogetherWhatWasToldTogether() {
        CountDownLatch all = new CountDownLatch(1);
        try (StatusLanes lanes = lanes(open -> {
            await(all);
            return open.size() == 3 ? open : List.of();
        })) {
            for (int i = 1; i <= 3; i++) {
                lanes.add(due("shop", 0, i, Instant.now()));
            }
            all.countDown();
            awaitSettled(3);
        }
    }

    @Test
    void holdUpNoOtherProjectUnlessTheForgeWantsToBeLeftAlone() {
        AtomicInteger slow = new AtomicInteger();
        try (StatusLanes lanes = lanes(open -> {
            if (open.get(0).repository().project().equals("slow")) {
                slow.incrementAndGet();
                throw new ForgeAway("away", Optional.empty(), null);
            }
            return first(open);
        })) {
            lanes.add(due("slow", 0, 1, Instant.now()));
            lanes.add(due("shop", 0, 1, Instant.now()));
            awaitSettled(1);
            assertEquals(List.of("shop1"), settled);
        }
        told.clear();
        settled.clear();
        AtomicInteger asked = new AtomicInteger();
        try (StatusLanes lanes = lanes(open -> {
            if (asked.incrementAndGet() == 1) {
                throw new ForgeAway("too much", Optional.of(Duration.ofSeconds(2)), null);
            }
            return first(open);
        })) {
            Instant before = Instant.now();
            lanes.add(due("shop", 0, 1, Instant.now()));
            assertTrue(Await.until(PATIENCE, () -> asked.get() == 1));
            lanes.add(due("other", 0, 1, Instant.now()));
            awaitSettled(2);
            assertTrue(Duration.between(before, Instant.now()).toMillis() >= 2000, "both waited");
        }
    }

    @Test
    void waitForTheHistory() {
        AtomicInteger tries = new AtomicInteger();
        try (StatusLanes lanes = lanes(open -> {
            if (tries.incrementAndGet() < 3) {
                throw new NotYet("not yet");
            }
            return first(open);
        })) {
            lanes.add(due("shop", 0, 1, Instant.now()));
            awaitSettled(1);
        }
    }

    @Test
    void giveUpWhatNobodyWaitsForAnyMore() {
        try (StatusLanes lanes = lanes(StatusLanesTest::first)) {
            lanes.add(due("shop", 0, 1, Instant.now().minus(Duration.ofDays(2))));
            lanes.add(due("shop", 0, 2, Instant.now()));
            awaitSettled(2);

            assertEquals(List.of("shop2"), told);
        }
    }

    @Test
    void tellNothingAnyMoreOnceAnotherReplicaDoes() {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (StatusLanes lanes = lanes(open -> {
            telling.countDown();
            await(goOn);
            return first(open);
        })) {
            lanes.add(due("shop", 3, 1, Instant.now()));
            lanes.add(due("shop", 3, 2, Instant.now()));
            lanes.add(due("other", 4, 1, Instant.now()));
            await(telling);
            Thread dropping = new Thread(() -> lanes.drop(Set.of(3)));
            dropping.start();
            assertTrue(Await.until(PATIENCE, () -> lanes.open() == 1), "what waits is forgotten at once");
            assertTrue(dropping.isAlive(), "what is being told is waited for");
            goOn.countDown();
            awaitSettled(1);
            assertTrue(Await.until(PATIENCE, () -> !dropping.isAlive()));

            assertEquals(List.of("other1"), settled);
            assertTrue(!told.contains("shop2"), told.toString());
        }
    }

    private StatusLanes lanes(Function<List<Due>, List<Due>> teller) {
        return new StatusLanes(
                open -> {
                    List<Due> done = teller.apply(open);
                    done.forEach(due -> told.add(name(due)));
                    return done;
                },
                Clock.systemUTC());
    }

    private static List<Due> first(List<Due> open) {
        return List.of(open.get(0));
    }

    private Due due(String project, int partition, long sequence, Instant at) {
        Repository repository = new Repository(project, "gitea", "acme/" + project);
        String name = project + sequence;
        return new Due(repository, partition, new UUID(1, 1), sequence, at, () -> settled.add(name));
    }

    private static String name(Due due) {
        return due.repository().project() + due.sequence();
    }

    private void awaitSettled(int count) {
        assertTrue(Await.until(PATIENCE, () -> settled.size() == count), () -> settled.toString());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

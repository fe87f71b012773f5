package dev.flujo.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.flujo.stack.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Users who come at a fixed pace, each with a request of their own, however long the requests of those before them take. */
final class Arrivals implements AutoCloseable {

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService users = Executors.newCachedThreadPool();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** So many users a second from now on; they are asked one after the other for what each of them does. */
    void begin(int perSecond, Supplier<Runnable> next) {
        clock.scheduleAtFixedRate(() -> come(next.get()), 0, 1_000_000 / perSecond, TimeUnit.MICROSECONDS);
    }

    /** Lets nobody come any more, and waits for those who are there; all have to have done what they came for. */
    void end(Duration patience) {
        clock.shutdown();
        assertTrue(Await.until(patience, clock::isTerminated), "nobody comes any more");
        users.shutdown();
        assertTrue(Await.until(patience, users::isTerminated), "every request is accepted");
        assertEquals(List.of(), failures, "requests that failed");
    }

    @Override
    public void close() {
        clock.shutdownNow();
        users.shutdownNow();
    }

    private void come(Runnable request) {
        users.execute(() -> {
            try {
                request.run();
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        });
    }
}

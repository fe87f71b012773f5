package dev.flujo.deploy.target.local;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Replicas that get no new requests any more: each ends when it has answered what it had begun, or after a time anyway. */
final class Drains {

    private static final Logger LOG = Logger.getLogger(Drains.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** The proxy tells its counts every tenth of a second; before that its last word may be older than the last request. */
    private static final Duration COUNTS_SETTLE = Duration.ofMillis(500);

    private final Duration longest;
    private final Map<Replica, Drain> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "drain");
        thread.setDaemon(true);
        return thread;
    });

    Drains(Duration longest) {
        this.longest = longest;
    }

    /** How many requests a replica has not answered yet. */
    interface Open {

        long requests() throws IOException;
    }

    private enum State {
        WAITING,
        KEPT,
        ENDING
    }

    /** Ends a replica when it is idle, unless it is about to. */
    void begin(Replica replica, Open open) {
        Drain drain = new Drain(replica, open);
        if (running.putIfAbsent(replica, drain) == null) {
            threads.execute(drain);
        }
    }

    /** Waits until a replica that gets no new request has answered those that it had, or for as long as is waited at most. */
    void await(Replica replica, Open open) throws IOException {
        new Drain(replica, open).await();
    }

    /** Leaves a replica alone that is wanted again; returns when it is certain whether it lives on or has ended. */
    void keep(Replica replica) throws IOException {
        Drain drain = running.get(replica);
        if (drain == null || drain.state.compareAndSet(State.WAITING, State.KEPT)) {
            return;
        }
        while (running.get(replica) == drain) {
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Expected to wait for the end of a replica, but the service is being stopped", e);
        }
    }

    private final class Drain implements Runnable {

        private final Replica replica;
        private final Open open;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

        Drain(Replica replica, Open open) {
            this.replica = replica;
            this.open = open;
        }

        @Override
        public void run() {
            try {
                await();
                if (state.compareAndSet(State.WAITING, State.ENDING)) {
                    replica.end();
                }
            } catch (IOException | RuntimeException e) {
                LOG.warnf(e, "could not end replica %s", replica.name());
            } finally {
                running.remove(replica);
            }
        }

        private void await() throws IOException {
            long begin = System.nanoTime();
            while (state.get() == State.WAITING && !over(Duration.ofNanos(System.nanoTime() - begin))) {
                pause();
            }
        }

        private boolean over(Duration waited) throws IOException {
            boolean idle = waited.compareTo(COUNTS_SETTLE) > 0 && open.requests() == 0;
            return idle
                    || waited.compareTo(longest) > 0
                    || replica.directory().process().isEmpty();
        }
    }
}

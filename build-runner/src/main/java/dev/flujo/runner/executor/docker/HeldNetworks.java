package dev.flujo.runner.executor.docker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Places in the network of jobs that are held ahead, whatever image will be wanted: a container that nobody has started ahead
 * joins one, since making a network for it would take most of its start.
 */
final class HeldNetworks implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(HeldNetworks.class);
    private static final long AFTERWARDS_MILLIS = 300;
    private static final long LAST_WORDS_SECONDS = 10;

    private final Containers containers;
    private final Kind holder;
    private final int most;
    private final Deque<String> waiting = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "held-networks");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param holder what holds them, where
     * @param most how many are held that nobody has joined
     */
    HeldNetworks(Containers containers, Kind holder, int most) {
        this.containers = containers;
        this.holder = holder;
        this.most = most;
        clock.execute(this::fill);
    }

    /** The mark of one that nobody else joins; none if there is none in this network. */
    Optional<String> take(Kind kind) {
        if (!kind.network().equals(holder.network())) {
            return Optional.empty();
        }
        synchronized (waiting) {
            Optional<String> taken = Optional.ofNullable(waiting.poll());
            if (taken.isPresent() && !clock.isShutdown()) {
                clock.schedule(this::fill, AFTERWARDS_MILLIS, TimeUnit.MILLISECONDS);
            }
            return taken;
        }
    }

    private void fill() {
        try {
            while (lacking()) {
                String mark = containers.hold(holder);
                synchronized (waiting) {
                    waiting.add(mark);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf("could not hold a place in the network; the next container makes its own: %s", e.getMessage());
        }
    }

    private boolean lacking() {
        synchronized (waiting) {
            return waiting.size() < most && !clock.isShutdown();
        }
    }

    /** Removes what nobody has joined, also what is just being made. */
    @Override
    public void close() {
        synchronized (waiting) {
            clock.shutdown();
        }
        try {
            if (!clock.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a place in the network is still being made; the runner removes it when it starts again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (waiting) {
            for (String mark : waiting) {
                remove(mark);
            }
            waiting.clear();
        }
    }

    private void remove(String mark) {
        try {
            containers.remove(mark);
        } catch (IOException e) {
            LOG.warnf("could not remove a held network; the runner does when it starts again: %s", e.getMessage());
        }
    }
}

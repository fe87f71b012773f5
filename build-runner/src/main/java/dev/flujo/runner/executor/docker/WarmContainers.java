package dev.flujo.runner.executor.docker;

import dev.flujo.runner.executor.container.Limits;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Containers that wait, or are being started to, some of each kind that was asked for last; whoever takes one has the next one
 * started, once its own attempt has had time to begin. Also removes, in the background, those whose attempts have ended.
 */
final class WarmContainers implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WarmContainers.class);
    private static final long AFTERWARDS_MILLIS = 50;
    private static final long LAST_WORDS_SECONDS = 20;
    private static final int AT_ONCE = 4;

    private interface Starting {
        JobContainer start() throws IOException, InterruptedException;
    }

    private final Containers containers;
    private final Limits limits;
    private final Optional<HeldNetworks> held;
    private final int ahead;
    private final int kinds;

    /** The kind that was asked for last stands last. */
    private final Map<Kind, Deque<CompletableFuture<JobContainer>>> waiting = new LinkedHashMap<>(16, 0.75f, true);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(WarmContainers::thread);
    private final ExecutorService background = Executors.newFixedThreadPool(AT_ONCE, WarmContainers::thread);
    private boolean closed;

    /**
     * @param held places in the network for those that somebody waits for
     * @param ahead how many of a kind wait
     * @param kinds how many kinds wait
     */
    WarmContainers(Containers containers, Limits limits, Optional<HeldNetworks> held, int ahead, int kinds) {
        this.containers = containers;
        this.limits = limits;
        this.held = held;
        this.ahead = ahead;
        this.kinds = kinds;
    }

    /** Has one container of a kind started that will be taken soon, unless one is there. */
    void order(Kind kind) {
        claim(kind, Math.max(1, ahead))
                .ifPresent(fresh -> background.execute(() -> start(kind, fresh, () -> startNow(kind))));
    }

    /** One that waits, or else a new one. */
    JobContainer take(Kind kind) throws IOException, InterruptedException {
        Optional<CompletableFuture<JobContainer>> next = poll(kind);
        clock.schedule(() -> background.execute(() -> fill(kind)), AFTERWARDS_MILLIS, TimeUnit.MILLISECONDS);
        if (next.isPresent()) {
            try {
                return next.get().get();
            } catch (ExecutionException e) {
                LOG.debugf("a container that was started ahead did not come: %s", e.getMessage());
            }
        }
        return startNow(kind);
    }

    /** One that somebody waits for. */
    private JobContainer startNow(Kind kind) throws IOException, InterruptedException {
        Optional<String> place = held.flatMap(all -> all.take(kind));
        if (place.isPresent()) {
            try {
                return containers.join(place.get(), kind, limits);
            } catch (IOException e) {
                LOG.warnf("a container could not join the network that was held for it: %s", e.getMessage());
            }
        }
        return containers.start(kind, limits);
    }

    /** How many wait. */
    int count() {
        synchronized (waiting) {
            return (int) waiting.values().stream()
                    .flatMap(Deque::stream)
                    .filter(CompletableFuture::isDone)
                    .count();
        }
    }

    /** Has containers of this kind wait. */
    void prepare(Kind kind) {
        background.execute(() -> fill(kind));
    }

    /** Removes a container that nobody needs any more; once this is closed, that is left to the runner's next start. */
    void forget(String mark) {
        if (!background.isShutdown()) {
            background.execute(() -> remove(mark));
        }
    }

    /** Removes what waits; those that execute go on. */
    @Override
    public void close() {
        List<CompletableFuture<JobContainer>> left = new ArrayList<>();
        synchronized (waiting) {
            closed = true;
            waiting.values().forEach(left::addAll);
            waiting.clear();
        }
        clock.shutdownNow();
        left.forEach(this::discard);
        background.shutdown();
        try {
            if (!background.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("not all containers could be removed; the runner removes them when it starts again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<CompletableFuture<JobContainer>> poll(Kind kind) {
        synchronized (waiting) {
            return Optional.ofNullable(waiting.get(kind)).map(Deque::poll);
        }
    }

    /** A place among those that wait, where there are fewer of the kind than that. */
    private Optional<CompletableFuture<JobContainer>> claim(Kind kind, int most) {
        synchronized (waiting) {
            Deque<CompletableFuture<JobContainer>> some = waiting.computeIfAbsent(kind, fresh -> new ArrayDeque<>());
            if (closed || some.size() >= most) {
                return Optional.empty();
            }
            CompletableFuture<JobContainer> fresh = new CompletableFuture<>();
            some.add(fresh);
            return Optional.of(fresh);
        }
    }

    private void fill(Kind kind) {
        boolean going = true;
        while (going) {
            Optional<CompletableFuture<JobContainer>> fresh = claim(kind, ahead);
            going = fresh.isPresent() && start(kind, fresh.get(), () -> containers.start(kind, limits));
        }
        beyondThose().forEach(this::discard);
    }

    /** Starts what somebody may wait for already. */
    private boolean start(Kind kind, CompletableFuture<JobContainer> fresh, Starting starting) {
        try {
            fresh.complete(starting.start());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warnf("could not start a container ahead; the next attempt will start its own: %s", e.getMessage());
            giveUp(kind, fresh, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(kind, fresh, e);
        }
        return false;
    }

    private void giveUp(Kind kind, CompletableFuture<JobContainer> fresh, Exception failure) {
        synchronized (waiting) {
            Optional.ofNullable(waiting.get(kind)).ifPresent(some -> some.removeIf(one -> one == fresh));
        }
        fresh.completeExceptionally(failure);
    }

    /** Those of kinds that were not asked for as lately as others. */
    private List<CompletableFuture<JobContainer>> beyondThose() {
        List<CompletableFuture<JobContainer>> old = new ArrayList<>();
        synchronized (waiting) {
            var eldest = waiting.entrySet().iterator();
            for (int more = waiting.size() - kinds; more > 0; more--) {
                old.addAll(eldest.next().getValue());
                eldest.remove();
            }
        }
        return old;
    }

    private void discard(CompletableFuture<JobContainer> container) {
        container.thenAccept(started -> {
            try {
                started.letGo();
            } catch (IOException e) {
                LOG.debugf("a container's pipes could not be closed: %s", e.getMessage());
            }
            remove(started.mark());
        });
    }

    private void remove(String mark) {
        try {
            containers.remove(mark);
        } catch (IOException e) {
            LOG.warnf("could not remove a container; the runner does when it starts again: %s", e.getMessage());
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "containers");
        thread.setDaemon(true);
        return thread;
    }
}

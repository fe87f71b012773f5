package dev.flujo.runner.executor.docker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Containers that wait, some of each kind that was asked for last; whoever takes one has the next one started, once its own
 * attempt has had time to begin. Also removes, in the background, those whose attempts have ended.
 */
final class WarmContainers implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WarmContainers.class);
    private static final long AFTERWARDS_MILLIS = 50;
    private static final long LAST_WORDS_SECONDS = 20;

    private final Containers containers;
    private final Limits limits;
    private final int ahead;
    private final int kinds;

    /** The kind that was asked for last stands last. */
    private final Map<Kind, Deque<JobContainer>> waiting = new LinkedHashMap<>(16, 0.75f, true);

    private final ScheduledThreadPoolExecutor background = new ScheduledThreadPoolExecutor(2, task -> {
        Thread thread = new Thread(task, "containers");
        thread.setDaemon(true);
        return thread;
    });

    private boolean closed;

    /**
     * @param ahead how many of a kind wait
     * @param kinds how many kinds wait
     */
    WarmContainers(Containers containers, Limits limits, int ahead, int kinds) {
        this.containers = containers;
        this.limits = limits;
        this.ahead = ahead;
        this.kinds = kinds;
        background.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** One that waits, or else a new one. */
    JobContainer take(Kind kind) throws IOException, InterruptedException {
        JobContainer next = poll(kind);
        background.schedule(() -> fill(kind), AFTERWARDS_MILLIS, TimeUnit.MILLISECONDS);
        return next == null ? containers.start(kind, limits) : next;
    }

    /** How many wait. */
    int count() {
        synchronized (waiting) {
            return waiting.values().stream().mapToInt(Deque::size).sum();
        }
    }

    /** Has containers of this kind wait. */
    void prepare(Kind kind) {
        background.execute(() -> fill(kind));
    }

    /** Removes a container that nobody needs any more. */
    void forget(String mark) {
        background.execute(() -> remove(mark));
    }

    /** Removes what waits; those that execute go on. */
    @Override
    public void close() {
        List<JobContainer> left = new ArrayList<>();
        synchronized (waiting) {
            closed = true;
            waiting.values().forEach(left::addAll);
            waiting.clear();
        }
        left.forEach(container -> background.execute(() -> discard(container)));
        background.shutdown();
        try {
            if (!background.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("not all containers could be removed; the runner removes them when it starts again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JobContainer poll(Kind kind) {
        synchronized (waiting) {
            Deque<JobContainer> some = waiting.get(kind);
            return some == null ? null : some.poll();
        }
    }

    private void fill(Kind kind) {
        try {
            while (wanted(kind)) {
                JobContainer fresh = containers.start(kind, limits);
                if (!keep(kind, fresh)) {
                    discard(fresh);
                }
            }
            beyondThose().forEach(this::discard);
        } catch (IOException e) {
            LOG.warnf("could not start a container ahead; the next attempt will start its own: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean wanted(Kind kind) {
        synchronized (waiting) {
            return !closed
                    && waiting.computeIfAbsent(kind, fresh -> new ArrayDeque<>())
                                    .size()
                            < ahead;
        }
    }

    private boolean keep(Kind kind, JobContainer fresh) {
        synchronized (waiting) {
            if (closed || waiting.get(kind) == null) {
                return false;
            }
            waiting.get(kind).add(fresh);
            return true;
        }
    }

    /** Those of kinds that were not asked for as lately as others. */
    private List<JobContainer> beyondThose() {
        List<JobContainer> old = new ArrayList<>();
        synchronized (waiting) {
            var eldest = waiting.entrySet().iterator();
            for (int more = waiting.size() - kinds; more > 0; more--) {
                old.addAll(eldest.next().getValue());
                eldest.remove();
            }
        }
        return old;
    }

    private void discard(JobContainer container) {
        try {
            container.letGo();
        } catch (IOException e) {
            LOG.debugf("a container's pipes could not be closed: %s", e.getMessage());
        }
        remove(container.mark());
    }

    private void remove(String mark) {
        try {
            containers.remove(mark);
        } catch (IOException e) {
            LOG.warnf("could not remove a container; the runner does when it starts again: %s", e.getMessage());
        }
    }
}

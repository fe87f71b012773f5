package dev.flujo.pipeline.forge;

import dev.flujo.kit.problem.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * What is still to be told, in one lane for each project: within a lane one thing is told after the other, so that the order
 * of what is said of a commit is kept, and what has not been told yet is told by its newest state. A lane whose forge is away
 * waits and goes on where it was; the others do not notice, unless they have the same forge and it asked for patience.
 */
final class StatusLanes implements AutoCloseable {

    private static final int THREADS = 4;
    private static final Duration HISTORY = Duration.ofMillis(200);
    private static final Duration DATABASE = Duration.ofSeconds(2);

    /** Nobody waits any more for what is told later. */
    private static final Duration TOO_LATE = Duration.ofDays(1);

    private static final Logger LOG = Logger.getLogger(StatusLanes.class);

    private final Function<List<Due>, List<Due>> teller;
    private final Clock clock;
    private final ScheduledExecutorService threads;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Map<String, Instant> quietUntil = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    /** One project's. */
    private static final class Lane {

        private final List<Due> waiting = new ArrayList<>();
        private final Lock telling = new ReentrantLock();
        private boolean working;
        private int failures;
    }

    StatusLanes(Function<List<Due>, List<Due>> teller, Clock clock) {
        this.teller = teller;
        this.clock = clock;
        this.threads = Executors.newScheduledThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "forge-statuses");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How much is still to be told. */
    int open() {
        return open.get();
    }

    /** Begins to tell something, behind what its project has to tell already. */
    void add(Due due) {
        Lane lane;
        synchronized (lanes) {
            lane = lanes.computeIfAbsent(due.repository().project(), project -> new Lane());
        }
        open.incrementAndGet();
        synchronized (lane) {
            lane.waiting.add(due);
            if (!lane.working) {
                lane.working = true;
                later(lane, Duration.ZERO);
            }
        }
    }

    /** Forgets what comes from these partitions, which others tell from now on; returns when nothing of it is being told. */
    void drop(Set<Integer> partitions) {
        Collection<Lane> all;
        synchronized (lanes) {
            all = List.copyOf(lanes.values());
        }
        for (Lane lane : all) {
            if (forget(lane, partitions) > 0) {
                forgetTold(lane, partitions);
            }
        }
    }

    /** Once nothing of the lane is being told. */
    private void forgetTold(Lane lane, Set<Integer> partitions) {
        lane.telling.lock();
        try {
            forget(lane, partitions);
        } finally {
            lane.telling.unlock();
        }
    }

    private int forget(Lane lane, Set<Integer> partitions) {
        synchronized (lane) {
            int before = lane.waiting.size();
            lane.waiting.removeIf(due -> partitions.contains(due.partition()));
            int forgotten = before - lane.waiting.size();
            open.addAndGet(-forgotten);
            return forgotten;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void later(Lane lane, Duration pause) {
        try {
            threads.schedule(() -> work(lane), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("what is still to be told is told by the next process that reads the log");
        }
    }

    private void work(Lane lane) {
        lane.telling.lock();
        try {
            List<Due> all = waiting(lane);
            if (!all.isEmpty()) {
                later(lane, tellOrFail(lane, all));
            }
        } finally {
            lane.telling.unlock();
        }
    }

    private Duration tellOrFail(Lane lane, List<Due> all) {
        try {
            return tell(lane, all);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "could not tell what happened in %s and will try again",
                    all.get(0).repository());
            return failed(lane);
        }
    }

    /** What waits; a lane in which nothing does stops working. */
    private List<Due> waiting(Lane lane) {
        synchronized (lane) {
            lane.working = !lane.waiting.isEmpty();
            return List.copyOf(lane.waiting);
        }
    }

    /** Tells one thing; gives how long to wait for the next. */
    private Duration tell(Lane lane, List<Due> all) {
        Due first = all.get(0);
        String forge = first.repository().forge();
        Instant now = clock.instant();
        if (first.at().plus(TOO_LATE).isBefore(now)) {
            LOG.warnf("nobody was told of event %d of run %s: it is too long ago", first.sequence(), first.run());
            settle(lane, List.of(first));
            return Duration.ZERO;
        }
        Instant quiet = quietUntil.getOrDefault(forge, Instant.MIN);
        if (quiet.isAfter(now)) {
            return Duration.between(now, quiet);
        }
        try {
            settle(lane, teller.apply(all));
            lane.failures = 0;
            return Duration.ZERO;
        } catch (ForgeAway e) {
            Duration pause = failed(lane);
            e.patience().ifPresent(patience -> quietUntil.put(forge, now.plus(patience)));
            LOG.warnf("will tell %s again: %s", first.repository().project(), e.getMessage());
            return e.patience().filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
        } catch (ToldInDoubt e) {
            return e.pause();
        } catch (NotYet e) {
            return HISTORY;
        } catch (Problem e) {
            LOG.debugf(e, "the history is away");
            return DATABASE;
        }
    }

    private static Duration failed(Lane lane) {
        lane.failures++;
        return Pauses.after(lane.failures);
    }

    private void settle(Lane lane, List<Due> settled) {
        List<Due> removed = new ArrayList<>();
        synchronized (lane) {
            for (Due due : settled) {
                if (lane.waiting.remove(due)) {
                    removed.add(due);
                }
            }
        }
        open.addAndGet(-removed.size());
        removed.forEach(due -> due.settled().run());
    }
}

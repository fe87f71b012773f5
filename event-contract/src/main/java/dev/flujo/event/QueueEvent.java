package dev.flujo.event;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the queue of a pool or lock looks like; so that everybody can say what waits for what. */
public sealed interface QueueEvent extends Event {

    /** The name of a pool's queue. */
    static String ofPool(String pool) {
        return "pool/" + pool;
    }

    /** The name of a lock's queue. */
    static String ofLock(String project, String lock) {
        return "lock/" + project + "/" + lock;
    }

    /**
     * The queue as it is now. Told at most once a second: that of a pool when it has changed, that of a lock if somebody waits
     * in it, or did when it was told of last.
     *
     * @param holders who has what the others wait for; of a lock only
     * @param waiting those that wait, in the order in which their turn comes, the first hundred
     * @param length how many wait
     * @param pool the runners that serve the queue; of a pool only
     */
    record QueueReported(String queue, List<Claim> holders, List<Claim> waiting, int length, Optional<PoolReport> pool)
            implements QueueEvent {

        /** How many of those that wait are named. */
        public static final int MOST_NAMED = 100;

        public QueueReported {
            Objects.requireNonNull(queue, "queue");
            holders = holders == null ? List.of() : List.copyOf(holders);
            waiting = waiting == null ? List.of() : List.copyOf(waiting);
            pool = pool == null ? Optional.empty() : pool;
        }

        @Override
        public String subject() {
            return queue;
        }
    }

    /**
     * The runners of a pool, and who may have how much of them.
     *
     * @param runners how many live
     * @param slots how many attempts these can have at once
     * @param labels the labels of the living runners, each combination once
     * @param atLimit the projects that wait with as many slots as they may have
     * @param held how long an attempt had a slot of late; none where none has ended yet, or nobody waits
     */
    record PoolReport(
            int runners,
            int slots,
            List<List<String>> labels,
            PoolLimits limits,
            List<String> atLimit,
            Optional<Duration> held) {

        public PoolReport {
            labels = labels == null
                    ? List.of()
                    : labels.stream().map(List::copyOf).toList();
            limits = limits == null ? PoolLimits.NONE : limits;
            atLimit = atLimit == null ? List.of() : List.copyOf(atLimit);
            held = held == null ? Optional.empty() : held;
        }
    }
}

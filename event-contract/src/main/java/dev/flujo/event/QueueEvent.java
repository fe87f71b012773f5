package dev.flujo.event;

import java.util.List;
import java.util.Objects;

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
     * The queue as it is now. Told at most once a second, and only of queues in which somebody waits, or did when they were told
     * of last.
     *
     * @param holders who has what the others wait for; of a lock only
     * @param waiting those that wait, in their order, the first hundred
     * @param length how many wait
     * @param runners the living runners of a pool
     * @param slots how many attempts these can have at once
     */
    record QueueReported(String queue, List<Claim> holders, List<Claim> waiting, int length, int runners, int slots)
            implements QueueEvent {

        /** How many of those that wait are named. */
        public static final int MOST_NAMED = 100;

        public QueueReported {
            Objects.requireNonNull(queue, "queue");
            holders = holders == null ? List.of() : List.copyOf(holders);
            waiting = waiting == null ? List.of() : List.copyOf(waiting);
        }

        @Override
        public String subject() {
            return queue;
        }
    }
}

package dev.flujo.event.plan;

import java.util.Objects;

/**
 * A group of which only {@code limit} members may run at once. The group's name may hold expressions; it is the project's,
 * whichever pipeline or job names it.
 *
 * @param cancellable whether a newer member may end a running one
 */
public record Concurrency(String group, int limit, Policy policy, boolean cancellable) {

    /** What becomes of the others when a new member comes. */
    public enum Policy {
        /** All wait, in the order in which they came. */
        QUEUE,
        /** Those that wait or run are cancelled. */
        CANCEL_OLDER,
        /** Those that wait are cancelled; what runs goes on. */
        LATEST_ONLY
    }

    public Concurrency {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(policy, "policy");
    }
}

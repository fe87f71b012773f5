package dev.flujo.event;

import java.util.List;
import java.util.Objects;

/** What a runner says of itself to its pool. */
public sealed interface RunnerEvent extends Event {

    String pool();

    String runner();

    @Override
    default String subject() {
        return runner();
    }

    /**
     * The runner lives, and its lease is renewed. {@code slots} is how many attempts it executes at once, {@code running}
     * those that it has now (taken up and not yet reported as ended); {@code draining} means that it wants no new ones.
     */
    record RunnerAlive(
            String pool, String runner, int slots, List<String> labels, List<Attempt> running, boolean draining)
            implements RunnerEvent {

        public RunnerAlive {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(runner, "runner");
            labels = labels == null ? List.of() : List.copyOf(labels);
            running = running == null ? List.of() : List.copyOf(running);
        }
    }

    /** The runner has left for good and holds nothing. */
    record RunnerLeft(String pool, String runner) implements RunnerEvent {

        public RunnerLeft {
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(runner, "runner");
        }
    }
}

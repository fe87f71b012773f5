package dev.flujo.pipeline.api;

import dev.flujo.event.QueueEvent.PoolReport;
import dev.flujo.event.QueueEvent.QueueReported;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool of runners as it was a second or two ago.
 *
 * @param slots how many attempts its living runners can have at once
 * @param labels the labels of the living runners, each combination once
 * @param limits how many slots a project may have
 */
public record PoolView(String pool, int runners, int slots, List<List<String>> labels, int waiting, LimitsView limits) {

    /**
     * How many slots a project may have at once.
     *
     * @param perProject that of each project that is not named; none where it may have all
     * @param projects that of those that are named
     */
    public record LimitsView(Optional<Integer> perProject, Map<String, Integer> projects) {}

    static PoolView of(QueueReported queue) {
        PoolReport pool = queue.pool().orElseThrow();
        return new PoolView(
                queue.queue().substring(queue.queue().indexOf('/') + 1),
                pool.runners(),
                pool.slots(),
                pool.labels(),
                queue.length(),
                new LimitsView(pool.limits().perProject(), pool.limits().projects()));
    }
}

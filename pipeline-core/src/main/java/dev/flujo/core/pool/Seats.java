package dev.flujo.core.pool;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The free slots of the runners of a pool, and those that a decision gives away. */
final class Seats {

    private final Map<String, Integer> free = new TreeMap<>();
    private final Map<String, Runner> runners = new TreeMap<>();

    /** @param leaving attempts that are about to leave the slots that they have */
    Seats(Stream<Runner> runners, Occupants occupants, List<Slot> leaving) {
        runners.filter(runner -> !runner.draining()).forEach(runner -> {
            this.runners.put(runner.id(), runner);
            free.put(runner.id(), runner.slots() - occupants.load(runner.id()));
        });
        leaving.forEach(slot -> slot.runner().ifPresent(id -> free.computeIfPresent(id, (runner, count) -> count + 1)));
        free.values().removeIf(count -> count <= 0);
    }

    /** The runner with the most free slots that has all of these labels. */
    Optional<String> roomiest(Set<String> labels) {
        return free.entrySet().stream()
                .filter(entry -> runners.get(entry.getKey()).has(labels))
                .max(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    void take(String runner) {
        free.computeIfPresent(runner, (id, count) -> count == 1 ? null : count - 1);
    }

    int count() {
        return free.values().stream().mapToInt(Integer::intValue).sum();
    }
}

package dev.flujo.core.pool;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How much of a pool each project has, and whose turn it is: that of the project with the fewest slots, and among equals of the
 * one that was given its last slot the longest ago. So each of N projects that wait can have an N-th of the slots, and one that
 * has none gets the next but for those of the others that have none either.
 */
final class Shares {

    private final Map<String, Integer> slots = new HashMap<>();
    private final Map<String, Long> lastTurns = new HashMap<>();
    private long turn;

    Shares() {}

    /** As they are, to try out what may follow. */
    Shares(Shares now) {
        slots.putAll(now.slots);
        lastTurns.putAll(now.lastTurns);
        turn = now.turn;
    }

    int of(String project) {
        return slots.getOrDefault(project, 0);
    }

    void took(String project) {
        slots.merge(project, 1, Integer::sum);
        lastTurns.put(project, ++turn);
    }

    void left(String project) {
        slots.computeIfPresent(project, (name, count) -> count == 1 ? null : count - 1);
    }

    /** A project that had nothing here comes behind those that already wait for their turn. */
    void joins(String project) {
        if (!lastTurns.containsKey(project)) {
            lastTurns.put(project, ++turn);
        }
    }

    /** When the project had its last turn, or came; none if it has nothing here. */
    Optional<Long> lastTurn(String project) {
        return Optional.ofNullable(lastTurns.get(project));
    }

    /** The turns as they were kept, of the projects that have something here. */
    void restore(Map<String, Long> kept) {
        kept.forEach((project, last) -> lastTurns.computeIfPresent(project, (name, guessed) -> last));
        turn = lastTurns.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** A project has nothing here any more. */
    void forget(String project) {
        lastTurns.remove(project);
    }

    /** Whose turn comes first. */
    Comparator<Slot> order() {
        return Comparator.<Slot>comparingInt(slot -> of(slot.project()))
                .thenComparingLong(slot -> lastTurns.getOrDefault(slot.project(), 0L))
                .thenComparing(Comparator.naturalOrder());
    }
}

package dev.flujo.core.pool;

import dev.flujo.event.Attempt;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Those that wait in a pool: the work of each project by itself, and of that each combination of labels. */
final class Line {

    private final Map<String, Map<Set<String>, TreeSet<Slot>>> waiting = new TreeMap<>();
    private int size;

    void add(Slot slot) {
        waiting.computeIfAbsent(slot.project(), project -> new HashMap<>())
                .computeIfAbsent(slot.labels(), labels -> new TreeSet<>())
                .add(slot);
        size++;
    }

    void remove(Slot slot) {
        Map<Set<String>, TreeSet<Slot>> byLabels = waiting.getOrDefault(slot.project(), Map.of());
        TreeSet<Slot> same = byLabels.get(slot.labels());
        if (same == null || !same.remove(slot)) {
            return;
        }
        size--;
        if (same.isEmpty()) {
            byLabels.remove(slot.labels());
        }
        if (byLabels.isEmpty()) {
            waiting.remove(slot.project());
        }
    }

    int size() {
        return size;
    }

    boolean has(String project) {
        return waiting.containsKey(project);
    }

    /** The projects that wait. */
    Collection<String> projects() {
        return waiting.keySet();
    }

    /** Who is first of a project among those whose labels can be had, without those that have just left the line. */
    Optional<Slot> first(String project, Predicate<Set<String>> toBeHad, Set<Attempt> left) {
        return waiting.get(project).entrySet().stream()
                .filter(entry -> toBeHad.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream()
                        .filter(slot -> !left.contains(slot.attempt()))
                        .limit(1))
                .min(Comparator.naturalOrder());
    }
}

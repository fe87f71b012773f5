package dev.flujo.core.pool;

import dev.flujo.event.Attempt;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The attempts of a pool: those that wait in line, and those that runners have; and how much of it each project has. */
final class Occupants {

    private final Map<Attempt, Slot> all = new HashMap<>();
    private final Map<String, TreeSet<Attempt>> byRunner = new HashMap<>();
    private final Line line = new Line();
    private final Shares shares = new Shares();

    Optional<Slot> find(Attempt attempt) {
        return Optional.ofNullable(all.get(attempt));
    }

    Collection<Slot> all() {
        return all.values();
    }

    Line line() {
        return line;
    }

    Shares shares() {
        return shares;
    }

    /** What a runner has, in a fixed order. */
    List<Slot> with(String runner) {
        return attempts(runner).map(all::get).toList();
    }

    int load(String runner) {
        TreeSet<Attempt> its = byRunner.get(runner);
        return its == null ? 0 : its.size();
    }

    void put(Slot slot) {
        all.put(slot.attempt(), slot);
        if (slot.runner().isPresent()) {
            byRunner.computeIfAbsent(slot.runner().get(), id -> new TreeSet<>()).add(slot.attempt());
            shares.took(slot.project());
        } else {
            line.add(slot);
            shares.joins(slot.project());
        }
    }

    /** Another state of an attempt that stays with its runner. */
    void update(Slot slot) {
        all.put(slot.attempt(), slot);
    }

    Slot remove(Attempt attempt) {
        Slot slot = all.remove(attempt);
        if (slot == null) {
            throw new IllegalStateException("Expected the attempt " + attempt.id() + " in its pool");
        }
        line.remove(slot);
        slot.runner().ifPresent(runner -> {
            TreeSet<Attempt> its = byRunner.get(runner);
            its.remove(attempt);
            if (its.isEmpty()) {
                byRunner.remove(runner);
            }
            shares.left(slot.project());
        });
        if (shares.of(slot.project()) == 0 && !line.has(slot.project())) {
            shares.forget(slot.project());
        }
        return slot;
    }

    private Stream<Attempt> attempts(String runner) {
        TreeSet<Attempt> its = byRunner.get(runner);
        return its == null ? Stream.empty() : its.stream();
    }
}

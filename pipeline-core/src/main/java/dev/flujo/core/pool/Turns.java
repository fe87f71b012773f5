package dev.flujo.core.pool;

import dev.flujo.event.Attempt;
import dev.flujo.event.PoolLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One attempt after the other, as their turns come, while there are seats for them; nothing is changed by asking. */
final class Turns {

    private final Line line;
    private final Shares shares;
    private final PoolLimits limits;
    private final Function<Set<String>, Optional<String>> seat;
    private final Set<Attempt> left = new HashSet<>();

    /** Whose turn it is, and which runner has a seat for it. */
    record Turn(Slot slot, String runner) {}

    /** @param seat the runner that would take an attempt that wants these labels, if one can */
    Turns(Occupants occupants, PoolLimits limits, Function<Set<String>, Optional<String>> seat) {
        this.line = occupants.line();
        this.shares = new Shares(occupants.shares());
        this.limits = limits;
        this.seat = seat;
    }

    /** An attempt is leaving the pool: the line, or its slot. */
    void leaves(Slot slot) {
        left.add(slot.attempt());
        if (slot.runner().isPresent()) {
            shares.left(slot.project());
        }
    }

    Optional<Turn> next() {
        Map<Set<String>, Optional<String>> seats = new HashMap<>();
        Optional<Slot> first = line.projects().stream()
                .filter(project -> shares.of(project) < limits.of(project))
                .flatMap(project ->
                        line
                                .first(
                                        project,
                                        labels -> seats.computeIfAbsent(labels, seat)
                                                .isPresent(),
                                        left)
                                .stream())
                .min(shares.order());
        first.ifPresent(slot -> {
            left.add(slot.attempt());
            shares.took(slot.project());
        });
        return first.map(slot -> new Turn(slot, seats.get(slot.labels()).orElseThrow()));
    }
}

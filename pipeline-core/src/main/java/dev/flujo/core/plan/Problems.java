package dev.flujo.core.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The problems of one file while it is read. Only so many are kept: the rest would help nobody. */
final class Problems {

    private final List<PlanProblem> kept = new ArrayList<>();
    private int found;

    void add(Place place, Path path, String message) {
        add(place, path, message, Optional::empty);
    }

    void add(Node node, String message) {
        add(node.place(), node.path(), message, Optional::empty);
    }

    void add(Node node, String message, Supplier<Optional<String>> suggestion) {
        add(node.place(), node.path(), message, suggestion);
    }

    /** The suggestion is only looked for when the problem is kept: a search per problem of a hostile file adds up. */
    void add(Place place, Path path, String message, Supplier<Optional<String>> suggestion) {
        found++;
        if (kept.size() < Limits.PROBLEMS) {
            kept.add(new PlanProblem(place.line(), place.column(), path.pointer(), message, suggestion.get()));
        }
    }

    boolean none() {
        return found == 0;
    }

    /** In the order of the file, and a last one that counts those that were not kept. */
    List<PlanProblem> inOrder() {
        List<PlanProblem> ordered = new ArrayList<>(kept);
        ordered.sort(Comparator.comparingInt(PlanProblem::line).thenComparingInt(PlanProblem::column));
        if (found > kept.size()) {
            PlanProblem last = ordered.get(ordered.size() - 1);
            ordered.add(new PlanProblem(
                    last.line(),
                    last.column(),
                    "",
                    "Expected at most " + Limits.PROBLEMS + " problems, but there are " + found
                            + "; mend these to see the others.",
                    Optional.empty()));
        }
        return ordered;
    }
}

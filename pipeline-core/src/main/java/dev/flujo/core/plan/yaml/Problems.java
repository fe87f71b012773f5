package dev.flujo.core.plan.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The problems of one file while it is read. Only so many are kept: the rest would help nobody. */
public final class Problems {

    private final List<PlanProblem> kept = new ArrayList<>();
    private final Set<Node> refused = Collections.newSetFromMap(new IdentityHashMap<>());
    private int found;
    private int searches;

    public void add(Place place, Path path, String message) {
        add(place, path, message, Optional::empty);
    }

    public void add(Node node, String message) {
        add(node, message, Optional::empty);
    }

    public void add(Node node, String message, Supplier<Optional<String>> suggestion) {
        refused.add(node);
        add(node.place(), node.path(), message, suggestion);
    }

    /** Marks a node as reported, where the problem itself has a more exact place. */
    public void mark(Node node) {
        refused.add(node);
    }

    /** The suggestion is only looked for when the problem is kept: a search per problem of a hostile file adds up. */
    public void add(Place place, Path path, String message, Supplier<Optional<String>> suggestion) {
        found++;
        if (kept.size() < FileLimits.PROBLEMS) {
            kept.add(new PlanProblem(place.line(), place.column(), path.pointer(), message, suggestion.get()));
        }
    }

    /** A search that compares with all words of a file; a file gets only so many of them. */
    public Optional<String> search(Supplier<Optional<String>> suggestion) {
        return searches++ < FileLimits.SEARCHES ? suggestion.get() : Optional.empty();
    }

    /** Whether this very node has been reported, so that nothing more can be said of it. */
    public boolean refused(Node node) {
        return node instanceof Node.Unreadable || (found > 0 && refused.contains(node));
    }

    public boolean none() {
        return found == 0;
    }

    /** In the order of the file, and a last one that counts those that were not kept. */
    public List<PlanProblem> inOrder() {
        List<PlanProblem> ordered = new ArrayList<>(kept);
        ordered.sort(Comparator.comparingInt(PlanProblem::line).thenComparingInt(PlanProblem::column));
        if (found > kept.size()) {
            PlanProblem last = ordered.get(ordered.size() - 1);
            ordered.add(new PlanProblem(
                    last.line(),
                    last.column(),
                    "",
                    "Expected at most " + FileLimits.PROBLEMS + " problems, but there are " + found
                            + "; mend these to see the others.",
                    Optional.empty()));
        }
        return ordered;
    }
}

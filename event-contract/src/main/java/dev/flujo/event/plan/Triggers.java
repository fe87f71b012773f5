package dev.flujo.event.plan;

import java.util.List;
import java.util.Optional;

/** What starts a pipeline: pushes to branches, and people where {@code manual} allows it. */
public record Triggers(Optional<Push> push, boolean manual) {

    /** Pushes to these branches (globs; none means every branch). */
    public record Push(List<String> branches) {

        public Push {
            branches = branches == null ? List.of() : List.copyOf(branches);
        }
    }

    public Triggers {
        push = push == null ? Optional.empty() : push;
    }
}

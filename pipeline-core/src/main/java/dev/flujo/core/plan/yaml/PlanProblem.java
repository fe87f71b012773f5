package dev.flujo.core.plan.yaml;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that is wrong with a pipeline file: where (line and column from 1, counted in code points, and the JSON
 * pointer of the key), what, and the text that was probably meant.
 */
public record PlanProblem(int line, int column, String pointer, String message, Optional<String> suggestion) {

    public PlanProblem {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(suggestion, "suggestion");
    }

    /** The message with its suggestion, as a person reads it. */
    public String sentence() {
        return suggestion.map(text -> message + " Did you mean `" + text + "`?").orElse(message);
    }

    @Override
    public String toString() {
        return line + ":" + column + " " + sentence();
    }
}

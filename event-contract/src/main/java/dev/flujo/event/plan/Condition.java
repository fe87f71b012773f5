package dev.flujo.event.plan;

import java.util.Optional;

/**
 * When a job or step runs, besides that what it needs went well: {@code always} means however that ended, {@code onFailure}
 * only if something of it failed; the expression is CEL.
 */
public record Condition(Optional<String> expression, boolean always, boolean onFailure) {

    /** Runs when what it needs went well. */
    public static final Condition NONE = new Condition(Optional.empty(), false, false);

    public Condition {
        expression = expression == null ? Optional.empty() : expression;
    }
}

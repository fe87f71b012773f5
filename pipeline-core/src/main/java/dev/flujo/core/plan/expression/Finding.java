package dev.flujo.core.plan.expression;

import java.util.Optional;

/** Something that is wrong with an expression: where in it (in code points from 0), what, and what was probably meant. */
public record Finding(int offset, String message, Optional<String> suggestion) {

    static Finding of(int offset, String message) {
        return new Finding(offset, message, Optional.empty());
    }

    /** The same, in a text in which the expression begins so much later. */
    Finding later(int by) {
        return new Finding(offset + by, message, suggestion);
    }
}

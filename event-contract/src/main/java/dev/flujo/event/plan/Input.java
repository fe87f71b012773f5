package dev.flujo.event.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Something that a run is asked for when it starts. Every run has a value for every input: the one it was given, or the
 * default.
 *
 * @param options the words of a choice
 */
public record Input(
        Kind kind,
        boolean required,
        Optional<String> defaultValue,
        List<String> options,
        Optional<String> description) {

    /** What a value may be. */
    public enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        /** One of the options. */
        CHOICE,
        /** The name of an environment. */
        ENVIRONMENT
    }

    public Input {
        Objects.requireNonNull(kind, "kind");
        defaultValue = defaultValue == null ? Optional.empty() : defaultValue;
        options = options == null ? List.of() : List.copyOf(options);
        description = description == null ? Optional.empty() : description;
    }
}

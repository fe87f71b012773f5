package dev.flujo.event.plan;

import java.util.Objects;

/** What an input of a template is given: text, which may hold expressions over what is known where the template is used. */
public record Binding(Input.Kind kind, String value) {

    public Binding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(value, "value");
    }
}

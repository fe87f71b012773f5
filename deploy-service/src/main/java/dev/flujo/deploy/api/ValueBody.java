package dev.flujo.deploy.api;

import java.util.Optional;

/** What a setting or secret is set to, and for how long the value before can be read beside it, such as {@code 1h}. */
public record ValueBody(String value, Optional<String> overlap) {

    public ValueBody {
        overlap = overlap == null ? Optional.empty() : overlap;
    }

    /** Without the value. */
    @Override
    public String toString() {
        return "a value with overlap " + overlap;
    }
}

package dev.flujo.kit.page;

import java.util.List;
import java.util.Optional;

/** A part of a list, and the cursor of the next part if there is one. */
public record Page<T>(List<T> items, Optional<String> next) {

    public Page {
        items = List.copyOf(items);
    }
}

package dev.flujo.pipeline.orchestrator;

import java.time.Instant;
import java.util.Optional;

/** When something was found that nobody had delivered, and the delivery that came after all. */
record FoundNote(Instant at, Optional<String> delivery) {

    FoundNote {
        delivery = delivery == null ? Optional.empty() : delivery;
    }

    static FoundNote at(Instant at) {
        return new FoundNote(at, Optional.empty());
    }
}

package dev.flujo.pipeline.orchestrator;

import java.time.Instant;
import java.util.Optional;

/** The newest commit that was seen on a branch, and when that was. */
record Head(
        String commit,
        Optional<String> message,
        Optional<String> author,
        Optional<Instant> committedAt,
        Optional<Instant> seenAt) {

    Head {
        seenAt = seenAt == null ? Optional.empty() : seenAt;
    }
}

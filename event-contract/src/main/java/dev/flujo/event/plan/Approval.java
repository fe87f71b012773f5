package dev.flujo.event.plan;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The people whose consent a job waits for: {@code count} of those in {@code from} ({@code user:NAME} or
 * {@code group:NAME}; empty means everybody who may write), before it expires.
 */
public record Approval(List<String> from, int count, boolean notAuthor, Duration expires) {

    public Approval {
        from = from == null ? List.of() : List.copyOf(from);
        Objects.requireNonNull(expires, "expires");
    }
}

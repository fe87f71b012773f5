package dev.flujo.event.plan;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a job's failure means: another attempt, or nothing at all for what depends on it.
 *
 * @param continueOnError {@code true}, {@code false}, or text with an expression that says so
 */
public record Tolerance(Optional<Retry> retry, String continueOnError) {

    /** A failure is a failure; only what the platform spoiled is tried again. */
    public static final Tolerance NONE = new Tolerance(Optional.empty(), "false");

    /**
     * Up to {@code max} further attempts, for these reasons: {@code platform}, {@code timeout}, {@code failure}, or
     * {@code exit:N}. The pause before them doubles each time.
     */
    public record Retry(int max, Duration backoff, List<String> on) {

        public Retry {
            Objects.requireNonNull(backoff, "backoff");
            on = on == null ? List.of() : List.copyOf(on);
        }
    }

    public Tolerance {
        retry = retry == null ? Optional.empty() : retry;
        Objects.requireNonNull(continueOnError, "continueOnError");
    }
}

package dev.flujo.event.plan;

import java.time.Duration;
import java.util.Objects;

/** An HTTP path that answers 2xx once a new version may serve, and how long it may take to. */
public record HealthCheck(String path, Duration timeout) {

    public HealthCheck {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(timeout, "timeout");
    }
}

package dev.flujo.event.plan;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The environment that a job works on: it holds that environment's lock, and may use its secrets. */
public record Environment(String name, Optional<String> url, Optional<Duration> ttl) {

    public Environment {
        Objects.requireNonNull(name, "name");
        url = url == null ? Optional.empty() : url;
        ttl = ttl == null ? Optional.empty() : ttl;
    }
}

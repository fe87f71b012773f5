package dev.flujo.event.plan;

import java.util.Objects;

/**
 * What a deploy job brings where: the artifacts of job {@code from} into {@code environment}, started by the command
 * {@code start} and taken into service when the health check passes.
 */
public record Deploy(String environment, String from, String start, HealthCheck health) {

    public Deploy {
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(health, "health");
    }
}

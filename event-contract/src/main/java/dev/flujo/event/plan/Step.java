package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.util.Map;
import java.util.Objects;

/** One script of a job. */
public record Step(String name, String run, Map<String, String> env) {

    public Step {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(run, "run");
        env = Ordered.copy(env);
    }
}

package dev.flujo.deploy;

import dev.flujo.event.Work;
import java.util.Objects;

/** A place that a project is deployed to, by the names of both. */
public record Environment(String project, String name) {

    public Environment {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(name, "name");
    }

    /** Where a deployment goes. */
    public static Environment of(Work work) {
        return new Environment(work.project(), work.job().deploy().orElseThrow().environment());
    }

    @Override
    public String toString() {
        return project + "/" + name;
    }
}

package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One pipeline as its file says it, in the file's order: when it starts and which jobs it has. */
public record Plan(String name, Triggers on, Map<String, String> env, List<Job> jobs) {

    public Plan {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(on, "on");
        env = Ordered.copy(env);
        jobs = List.copyOf(jobs);
    }

    public Optional<Job> job(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
    }
}

package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One pipeline as its file says it, in the file's order: when it starts, what it asks for, and which jobs it has. A run
 * has the cells of a matrix in the place of its job; a need names a job, or everything that came out of it.
 *
 * @param timeout how long a whole run may take
 */
public record Plan(
        String name,
        Triggers on,
        Map<String, String> env,
        List<Job> jobs,
        Map<String, Input> inputs,
        Optional<Concurrency> concurrency,
        Optional<Duration> timeout) {

    public Plan {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(on, "on");
        env = Ordered.copy(env);
        jobs = List.copyOf(jobs);
        inputs = Ordered.copy(inputs);
        concurrency = concurrency == null ? Optional.empty() : concurrency;
        timeout = timeout == null ? Optional.empty() : timeout;
    }

    /** A plan without inputs, concurrency group and timeout. */
    public Plan(String name, Triggers on, Map<String, String> env, List<Job> jobs) {
        this(name, on, env, jobs, Map.of(), Optional.empty(), Optional.empty());
    }

    public Optional<Job> job(String id) {
        return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
    }

    /** The same plan with these jobs. */
    public Plan with(List<Job> newJobs) {
        return new Plan(name, on, env, newJobs, inputs, concurrency, timeout);
    }
}

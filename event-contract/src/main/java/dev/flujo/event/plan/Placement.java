package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a job runs, and how urgently: a pool, labels that its runner must have, and what it finds there.
 *
 * @param queueTimeout how long it may wait for a slot
 * @param services what runs beside the job, by the name under which it is reached
 */
public record Placement(
        Optional<String> pool,
        List<String> labels,
        int priority,
        Optional<Duration> queueTimeout,
        Optional<String> image,
        Map<String, Service> services,
        Optional<Resources> resources) {

    /** Any runner of the default pool. */
    public static final Placement ANYWHERE = new Placement(
            Optional.empty(), List.of(), 0, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

    /** How much of a machine a job gets; sizes as Kubernetes writes them. */
    public record Resources(Optional<String> cpu, Optional<String> memory, Optional<String> disk, int gpu) {

        public Resources {
            cpu = cpu == null ? Optional.empty() : cpu;
            memory = memory == null ? Optional.empty() : memory;
            disk = disk == null ? Optional.empty() : disk;
        }
    }

    public Placement {
        pool = pool == null ? Optional.empty() : pool;
        labels = labels == null ? List.of() : List.copyOf(labels);
        queueTimeout = queueTimeout == null ? Optional.empty() : queueTimeout;
        image = image == null ? Optional.empty() : image;
        services = Ordered.copy(services);
        resources = resources == null ? Optional.empty() : resources;
    }
}

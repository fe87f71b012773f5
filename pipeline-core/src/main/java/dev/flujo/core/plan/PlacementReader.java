package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads where a job runs, and what it finds there. */
final class PlacementReader {

    private final Problems problems;
    private final Meaning meaning;

    PlacementReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
    }

    Placement read(Fields job, Scope scope) {
        job.scalar("image").ifPresent(text -> meaning.text(text, scope));
        job.scalar("pool")
                .filter(pool -> pool.text().equals(Job.DEPLOY_POOL))
                .ifPresent(pool -> problems.add(
                        pool,
                        "Expected a pool of build-runners, but `deploy` is that of the deploy-services; "
                                + "name another."));
        return new Placement(
                job.text("pool"),
                job.texts("labels"),
                job.whole("priority", 0),
                job.time("queue-timeout"),
                job.text("image"),
                services(job.mapping("services"), scope),
                resources(job));
    }

    private Map<String, Service> services(Fields fields, Scope scope) {
        Map<String, Service> services = new LinkedHashMap<>();
        for (Node.Field field : fields.all()) {
            Fields settings = new Fields(field.value(), problems);
            Map<String, Node.Scalar> env = settings.table("env");
            settings.scalar("image").ifPresent(text -> meaning.text(text, scope));
            meaning.texts(env.values(), scope);
            services.put(
                    field.name(),
                    new Service(
                            settings.text("image").orElse(""),
                            Fields.texts(env),
                            settings.text("command"),
                            ready(settings)));
        }
        return services;
    }

    private static Optional<Service.Ready> ready(Fields service) {
        Fields settings = service.mapping("ready");
        if (service.node("ready").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Service.Ready(
                service.text("ready").or(() -> settings.text("run")),
                settings.text("http"),
                settings.whole("port", 0),
                settings.time("every").orElse(Duration.ofSeconds(1)),
                settings.time("timeout").orElse(Limits.DEFAULT_READY)));
    }

    private static Optional<Placement.Resources> resources(Fields job) {
        Fields settings = job.mapping("resources");
        return job.node("resources")
                .map(node -> new Placement.Resources(
                        settings.text("cpu"),
                        settings.text("memory"),
                        settings.text("disk"),
                        settings.whole("gpu", 0)));
    }
}

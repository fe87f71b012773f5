package dev.flujo.deploy;

import dev.flujo.event.Attempt;
import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Deployments for tests: of the {@link TestApplication}, with files that the test looks at. */
public final class Works {

    private final String project;
    private final Path witness;
    private final Path go;

    public Works(String project, Path directory) {
        this.project = project;
        this.witness = directory.resolve("witness");
        this.go = directory.resolve("go");
    }

    /** Where each start leaves the id of its deployment. */
    public Path witness() {
        return witness;
    }

    /** What a slow application waits for. */
    public Path go() {
        return go;
    }

    /** A deployment to {@code production}. */
    public Work of(String commit, String like, Duration patience) {
        return of(commit, TestApplication.command(like), patience, List.of());
    }

    public Work of(String commit, String start, Duration patience, List<Work.Artifact> artifacts) {
        return of(commit, new Deploy("production", "build", start, new HealthCheck("/health", patience)), artifacts);
    }

    /** A deployment to another environment. */
    public Work to(String environment, String commit) {
        return to(environment, commit, "well");
    }

    private Work to(String environment, String commit, String like) {
        HealthCheck health = new HealthCheck("/health", Duration.ofMinutes(5));
        return of(commit, new Deploy(environment, "build", TestApplication.command(like), health), List.of());
    }

    /** A deployment to an environment that is there for so long after it, or while a pull request is open. */
    public Work toOneWithAnEnd(String environment, String commit, Optional<Duration> ttl, Optional<Long> request) {
        return toOneWithAnEnd(environment, commit, "well", ttl, request);
    }

    public Work toOneWithAnEnd(
            String environment, String commit, String like, Optional<Duration> ttl, Optional<Long> request) {
        Work plain = to(environment, commit, like);
        Job job = plain.job();
        dev.flujo.event.plan.Environment place = new dev.flujo.event.plan.Environment(
                environment, Optional.of("https://" + environment + ".example.com"), ttl);
        Gate gate = new Gate(Gate.OPEN.condition(), Optional.of(place), Optional.empty(), Optional.empty());
        Job gated = new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                gate,
                job.placement(),
                job.tolerance(),
                job.supplies(),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
        Map<String, String> env = new TreeMap<>(plain.env());
        request.ifPresent(number -> env.put(Work.PULL_REQUEST, number.toString()));
        return new Work(
                plain.project(),
                plain.pipeline(),
                plain.attempt(),
                gated,
                plain.revision(),
                env,
                plain.by(),
                plain.artifacts());
    }

    /** A deployment to {@code production} that comes there in this way. */
    public Work of(String commit, String like, Deploy.Rollout rollout) {
        HealthCheck health = new HealthCheck("/health", Duration.ofSeconds(30));
        String start = TestApplication.command(like);
        return of(commit, new Deploy("production", "build", start, health, Optional.empty(), rollout), List.of());
    }

    /** A deployment to {@code production} in so many replicas, whose application gets settings and secrets. */
    public Work with(Deploy.Reading config, String commit, int replicas, Duration patience) {
        Deploy.Rollout rollout = new Deploy.Rollout(replicas, Deploy.Strategy.ROLLING, List.of(), true, List.of());
        HealthCheck health = new HealthCheck("/health", patience);
        String start = TestApplication.command("well");
        Deploy deploy =
                new Deploy("production", "build", start, health, Optional.empty(), rollout, Optional.of(config));
        return of(commit, deploy, List.of());
    }

    private Work of(String commit, Deploy deploy, List<Work.Artifact> artifacts) {
        Job job = new Job(
                "release",
                List.of("build"),
                Map.of(),
                List.of(),
                Duration.ofMinutes(5),
                List.of(),
                List.of(),
                Optional.of(deploy));
        Revision revision = new Revision(
                Optional.empty(), "main", Optional.of(commit), Optional.empty(), Optional.empty(), Optional.empty());
        Map<String, String> env =
                Map.of("WITNESS", witness.toString(), "GO", go.toString(), "ODD", "C:\\new\nit's \"$HOME\" ü");
        return new Work(
                project, "main", new Attempt(UUID.randomUUID(), "release", 1), job, revision, env, "ana", artifacts);
    }
}

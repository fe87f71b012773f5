package dev.flujo.deploy.rollout;

import dev.flujo.event.Attempt;
import dev.flujo.event.Revision;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Deploy.Analysis;
import dev.flujo.event.plan.Deploy.CanaryStep;
import dev.flujo.event.plan.Deploy.Strategy;
import dev.flujo.event.plan.Deploy.Strategy.Kind;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Random deployments to production, of releases that are told apart by their commits. */
final class ModelWorks {

    private static final Analysis REFUSED = new Analysis(
            "refused",
            Optional.empty(),
            Optional.empty(),
            Optional.of("failed"),
            Optional.empty(),
            Optional.of("result <= 0.1"),
            Optional.empty(),
            Duration.ofSeconds(10),
            0,
            false);

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Random random;
    private int commits;

    ModelWorks(Random random) {
        this.random = random;
    }

    UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** A release that nobody has seen before. */
    Work fresh() {
        return of("c" + commits++, strategy());
    }

    /** Another deployment of the same release. */
    Work again(Work work) {
        return of(work.revision().commit().orElseThrow(), strategy());
    }

    /** A release that nobody has seen before, replica by replica. */
    Work rolling() {
        return of("c" + commits++, Strategy.ROLLING);
    }

    /** A release whose application gets settings and secrets, in two replicas. */
    Work with(Deploy.Reading config) {
        Deploy.Rollout rollout = new Deploy.Rollout(2, Strategy.ROLLING, List.of(), true, List.of());
        return of("c" + commits++, rollout, Optional.of(config));
    }

    private Work of(String commit, Strategy strategy) {
        Deploy.Rollout rollout = new Deploy.Rollout(1 + random.nextInt(4), strategy, List.of(REFUSED), true, List.of());
        return of(commit, rollout, Optional.empty());
    }

    private Work of(String commit, Deploy.Rollout rollout, Optional<Deploy.Reading> config) {
        Deploy deploy = new Deploy(
                "production",
                "build",
                "./shop",
                new HealthCheck("/health", Duration.ofMinutes(10)),
                Optional.empty(),
                rollout,
                config);
        Job job = new Job(
                "release",
                List.of("build"),
                Map.of(),
                List.of(),
                Duration.ofHours(5),
                List.of(),
                List.of(),
                Optional.of(deploy));
        Revision revision = new Revision(
                Optional.empty(), "main", Optional.of(commit), Optional.empty(), Optional.empty(), Optional.empty());
        return new Work("shop", "main", new Attempt(id(), "release", 1), job, revision, Map.of(), "ana", List.of());
    }

    private Strategy strategy() {
        Optional<Duration> keep = random.nextBoolean() ? Optional.of(Duration.ofHours(1)) : Optional.empty();
        return switch (KINDS.get(random.nextInt(KINDS.size()))) {
            case ROLLING -> Strategy.ROLLING;
            case BLUE_GREEN ->
                new Strategy(
                        Kind.BLUE_GREEN, Optional.empty(), Optional.empty(), keep, random.nextBoolean(), List.of());
            case CANARY ->
                new Strategy(
                        Kind.CANARY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of(
                                new CanaryStep(20, Duration.ofMinutes(1), false),
                                new CanaryStep(50, Duration.ofMinutes(2), random.nextBoolean()),
                                new CanaryStep(100, Duration.ofMinutes(1), false)));
        };
    }
}

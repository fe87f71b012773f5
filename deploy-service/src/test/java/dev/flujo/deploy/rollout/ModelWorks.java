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
import java.util.ArrayList;
import java.util.Collections;
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

    private static final Deploy.Kubernetes MANIFESTS =
            new Deploy.Kubernetes(List.of("k8s/*.yml"), Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final List<String> CLUSTERS = List.of("eu-1", "eu-2", "us-1");

    private final Random random;
    private final boolean waves;
    private int commits;

    ModelWorks(Random random) {
        this(random, false);
    }

    /** @param waves whether they go to clusters, most of them in waves */
    ModelWorks(Random random, boolean waves) {
        this.random = random;
        this.waves = waves;
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

    /** A release that nobody has seen before, judged by this. */
    Work judged(Analysis analysis) {
        Deploy.Rollout rollout = new Deploy.Rollout(1, Strategy.ROLLING, List.of(analysis), true, List.of());
        return of("c" + commits++, rollout, Optional.empty());
    }

    /** A release that nobody has seen before, replica by replica in these waves. */
    Work in(Deploy.Wave... some) {
        Deploy.Rollout rollout = new Deploy.Rollout(2, Strategy.ROLLING, List.of(), true, List.of(some));
        return of("c" + commits++, rollout, Optional.of(MANIFESTS), Optional.empty());
    }

    /** The same, and its application gets settings and secrets. */
    Work with(Deploy.Reading config, Deploy.Wave... some) {
        Deploy.Rollout rollout = new Deploy.Rollout(2, Strategy.ROLLING, List.of(), true, List.of(some));
        return of("c" + commits++, rollout, Optional.of(MANIFESTS), Optional.of(config));
    }

    private Work of(String commit, Strategy strategy) {
        int replicas = 1 + random.nextInt(4);
        if (waves) {
            Deploy.Rollout rollout = new Deploy.Rollout(replicas, strategy, List.of(), true, someWaves());
            return of(commit, rollout, Optional.of(MANIFESTS), Optional.empty());
        }
        return of(commit, new Deploy.Rollout(replicas, strategy, List.of(REFUSED), true, List.of()), Optional.empty());
    }

    private List<Deploy.Wave> someWaves() {
        List<String> clusters = new ArrayList<>(CLUSTERS);
        Collections.shuffle(clusters, random);
        List<Deploy.Wave> some = new ArrayList<>();
        while (!clusters.isEmpty() && random.nextInt(4) > 0) {
            List<String> next = clusters.subList(0, 1 + random.nextInt(clusters.size()));
            some.add(new Deploy.Wave(
                    "wave-" + some.size(),
                    List.copyOf(next),
                    random.nextInt(3) == 0 ? List.of("shop", "shop-2") : List.of(),
                    Duration.ofMinutes(random.nextInt(3)),
                    random.nextInt(3) == 0));
            next.clear();
        }
        return some;
    }

    private Work of(String commit, Deploy.Rollout rollout, Optional<Deploy.Reading> config) {
        return of(commit, rollout, Optional.empty(), config);
    }

    private Work of(
            String commit,
            Deploy.Rollout rollout,
            Optional<Deploy.Kubernetes> kubernetes,
            Optional<Deploy.Reading> config) {
        Deploy deploy = new Deploy(
                "production",
                "build",
                "./shop",
                new HealthCheck("/health", Duration.ofMinutes(10)),
                kubernetes,
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

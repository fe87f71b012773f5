package dev.flujo.event.plan;

import dev.flujo.event.Ordered;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a deploy job brings where: the artifacts of job {@code from} into {@code environment}, started by the command
 * {@code start} and taken into service when the health check passes; or, on Kubernetes, the manifests among those
 * artifacts, and no command (then {@code start} is empty). With {@code config} the application gets the settings and secrets
 * of the environment.
 */
public record Deploy(
        String environment,
        String from,
        String start,
        HealthCheck health,
        Optional<Kubernetes> kubernetes,
        Rollout rollout,
        Optional<Reading> config) {

    /** The output that a deployment leaves: where people find what it has brought. */
    public static final String URL = "url";

    /** How an application hears of a setting or secret that has changed. */
    public enum Reading {
        /** It reads its files again by itself. */
        REREAD,
        /** It reads them when it starts, so its replicas are replaced. */
        RESTART
    }

    /** Where manifests are, which images they get (by the image's name in them), and what they are applied to. */
    public record Kubernetes(
            List<String> manifests,
            Optional<String> kustomize,
            Map<String, String> images,
            Optional<String> namespace,
            Optional<String> cluster) {

        public Kubernetes {
            manifests = manifests == null ? List.of() : List.copyOf(manifests);
            kustomize = kustomize == null ? Optional.empty() : kustomize;
            images = Ordered.copy(images);
            namespace = namespace == null ? Optional.empty() : namespace;
            cluster = cluster == null ? Optional.empty() : cluster;
        }
    }

    /** How the new version takes over from the old one. */
    public record Rollout(
            int replicas, Strategy strategy, List<Analysis> analysis, boolean automaticRollback, List<Wave> waves) {

        /** All at once, one replica, and back by itself when health fails. */
        public static final Rollout PLAIN = new Rollout(1, Strategy.ROLLING, List.of(), true, List.of());

        public Rollout {
            Objects.requireNonNull(strategy, "strategy");
            analysis = analysis == null ? List.of() : List.copyOf(analysis);
            waves = waves == null ? List.of() : List.copyOf(waves);
        }
    }

    /**
     * The steps from old to new.
     *
     * @param surge how many replicas there may be above the wanted number, a number or a percentage
     * @param unavailable how many may be missing below it
     * @param keep how long a blue/green deployment keeps the previous version warm
     * @param promoteByHand whether a person promotes the new version
     */
    public record Strategy(
            Kind kind,
            Optional<String> surge,
            Optional<String> unavailable,
            Optional<Duration> keep,
            boolean promoteByHand,
            List<CanaryStep> steps) {

        /** The kinds of strategy. */
        public enum Kind {
            ROLLING,
            BLUE_GREEN,
            CANARY
        }

        /** Replica by replica, with the target's own limits. */
        public static final Strategy ROLLING =
                new Strategy(Kind.ROLLING, Optional.empty(), Optional.empty(), Optional.empty(), false, List.of());

        public Strategy {
            Objects.requireNonNull(kind, "kind");
            surge = surge == null ? Optional.empty() : surge;
            unavailable = unavailable == null ? Optional.empty() : unavailable;
            keep = keep == null ? Optional.empty() : keep;
            steps = steps == null ? List.of() : List.copyOf(steps);
        }
    }

    /** A share of the traffic in percent, and what is waited for before the next: a time, or a person. */
    public record CanaryStep(int weight, Duration pause, boolean approval) {

        public CanaryStep {
            Objects.requireNonNull(pause, "pause");
        }
    }

    /**
     * A question whose answer says whether the new version is good: a Prometheus query, an HTTP path, the share of users'
     * requests that fail, or a job gives a {@code result} (with {@code stable}, the same of the old version), and CEL says what passes and what fails; what
     * does neither asks a person.
     */
    public record Analysis(
            String name,
            Optional<String> prometheus,
            Optional<String> http,
            Optional<String> requests,
            Optional<String> job,
            Optional<String> pass,
            Optional<String> fail,
            Duration every,
            int failureLimit,
            boolean compare) {

        public Analysis {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(every, "every");
            prometheus = prometheus == null ? Optional.empty() : prometheus;
            http = http == null ? Optional.empty() : http;
            requests = requests == null ? Optional.empty() : requests;
            job = job == null ? Optional.empty() : job;
            pass = pass == null ? Optional.empty() : pass;
            fail = fail == null ? Optional.empty() : fail;
        }
    }

    /** Clusters and namespaces that are deployed to together, and what is waited for before the next wave. */
    public record Wave(String name, List<String> clusters, List<String> namespaces, Duration pause, boolean approval) {

        public Wave {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(pause, "pause");
            clusters = clusters == null ? List.of() : List.copyOf(clusters);
            namespaces = namespaces == null ? List.of() : List.copyOf(namespaces);
        }
    }

    public Deploy {
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(health, "health");
        kubernetes = kubernetes == null ? Optional.empty() : kubernetes;
        rollout = rollout == null ? Rollout.PLAIN : rollout;
        config = config == null ? Optional.empty() : config;
    }

    /** A deployment whose application gets no settings and secrets. */
    public Deploy(
            String environment,
            String from,
            String start,
            HealthCheck health,
            Optional<Kubernetes> kubernetes,
            Rollout rollout) {
        this(environment, from, start, health, kubernetes, rollout, Optional.empty());
    }

    /** A deployment of one replica that is replaced at once. */
    public Deploy(String environment, String from, String start, HealthCheck health) {
        this(environment, from, start, health, Optional.empty(), Rollout.PLAIN);
    }
}

package dev.flujo.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flujo.event.CdEvent;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What happened in the environments of one project, in the order of time. The same events in another order, or twice, give
 * the same facts.
 */
public record DeployFacts(
        List<Deployment> deployments, List<Incident> incidents, List<Rollback> rollbacks, List<Failure> failures) {

    /** An environment went back to an earlier version; it may say which deployment it undid. */
    public record Rollback(String environment, Instant at, String eventId, Optional<String> deployment) {

        public Rollback {
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(eventId, "eventId");
            Objects.requireNonNull(deployment, "deployment");
        }
    }

    /** A deployment that was given up before it served: reported, but no deployment in DORA's sense. */
    public record Failure(UUID deployment, String environment, Instant at, String eventId, UUID run) {

        public Failure {
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(eventId, "eventId");
            Objects.requireNonNull(run, "run");
        }
    }

    private static final String DETECTED = "dev.cdevents.incident.detected.";
    private static final String RESOLVED = "dev.cdevents.incident.resolved.";
    private static final String ROLLED_BACK = "dev.cdevents.service.rolledback.";

    public DeployFacts {
        deployments = List.copyOf(deployments);
        incidents = List.copyOf(incidents);
        rollbacks = List.copyOf(rollbacks);
        failures = List.copyOf(failures);
    }

    /** Whether a number follows from this event of another tool. */
    static boolean counts(CdEvent event) {
        return (event.type().startsWith(DETECTED)
                        || event.type().startsWith(RESOLVED)
                        || event.type().startsWith(ROLLED_BACK))
                && environment(event).isPresent();
    }

    /** The facts that these events of a project give. */
    public static DeployFacts of(List<Envelope> events) {
        List<Envelope> ordered = events.stream()
                .sorted(Comparator.comparing(Envelope::time).thenComparing(Envelope::id))
                .filter(unseen(envelope -> envelope.source() + " " + envelope.id()))
                .toList();
        return new DeployFacts(
                ordered.stream()
                        .flatMap(envelope -> deployment(envelope).stream())
                        .sorted(Comparator.comparing(Deployment::servingSince)
                                .thenComparing(deployment -> deployment.id().toString()))
                        .filter(unseen(Deployment::id))
                        .toList(),
                incidents(ordered),
                ordered.stream()
                        .flatMap(envelope -> rollback(envelope).stream())
                        .toList(),
                ordered.stream()
                        .flatMap(envelope -> failure(envelope).stream())
                        .filter(unseen(Failure::deployment))
                        .toList());
    }

    private static Optional<Deployment> deployment(Envelope envelope) {
        if (envelope.event() instanceof DeployEvent.ServiceDeployed e) {
            return Optional.of(new Deployment(
                    e.deployment(),
                    e.pipeline(),
                    e.environment(),
                    e.attempt().run(),
                    e.servingSince(),
                    e.revision(),
                    e.artifact(),
                    envelope.id(),
                    envelope.chainId()));
        }
        if (envelope.event() instanceof DeployEvent.ServiceUpgraded e) {
            return Optional.of(new Deployment(
                    e.deployment(),
                    e.pipeline(),
                    e.environment(),
                    e.attempt().run(),
                    e.servingSince(),
                    e.revision(),
                    e.artifact(),
                    envelope.id(),
                    envelope.chainId()));
        }
        return Optional.empty();
    }

    private static Optional<Failure> failure(Envelope envelope) {
        return envelope.event() instanceof DeployEvent.DeploymentFailed e
                ? Optional.of(new Failure(
                        e.deployment(),
                        e.environment(),
                        envelope.time(),
                        envelope.id(),
                        e.attempt().run()))
                : Optional.empty();
    }

    private static Optional<Rollback> rollback(Envelope envelope) {
        if (envelope.event() instanceof DeployEvent.ServiceRolledBack e) {
            return Optional.of(new Rollback(
                    e.environment(),
                    e.servingSince(),
                    envelope.id(),
                    Optional.of(e.undone().toString())));
        }
        return envelope.event() instanceof CdEvent e && e.type().startsWith(ROLLED_BACK)
                ? environment(e)
                        .map(environment -> new Rollback(environment, envelope.time(), envelope.id(), deployment(e)))
                : Optional.empty();
    }

    private static List<Incident> incidents(List<Envelope> ordered) {
        Map<String, Incident.Resolution> resolutions = new HashMap<>();
        for (Envelope envelope : ordered) {
            if (envelope.event() instanceof CdEvent e && e.type().startsWith(RESOLVED)) {
                resolutions.putIfAbsent(
                        e.subject(), new Incident.Resolution(envelope.time(), envelope.id(), deployment(e)));
            }
        }
        return ordered.stream()
                .filter(envelope -> envelope.event() instanceof CdEvent e
                        && e.type().startsWith(DETECTED)
                        && environment(e).isPresent())
                .map(envelope -> incident(envelope, (CdEvent) envelope.event(), resolutions))
                .filter(unseen(Incident::id))
                .toList();
    }

    private static Incident incident(Envelope envelope, CdEvent e, Map<String, Incident.Resolution> resolutions) {
        return new Incident(
                e.subject(),
                environment(e).orElseThrow(),
                envelope.time(),
                envelope.id(),
                envelope.chainId(),
                deployment(e),
                Optional.ofNullable(e.content().path("artifactId").textValue()),
                Optional.ofNullable(resolutions.get(e.subject()))
                        .filter(resolution -> !resolution.at().isBefore(envelope.time())));
    }

    /** The environment's name; other tools may write it as {@code project/environment}, as Flujo names services. */
    private static Optional<String> environment(CdEvent event) {
        return Optional.ofNullable(
                        event.content().path("environment").path("id").textValue())
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .filter(name -> !name.isEmpty());
    }

    private static Optional<String> deployment(CdEvent event) {
        return event.customData().map(data -> data.path("deployment")).map(JsonNode::textValue);
    }

    private static <T> java.util.function.Predicate<T> unseen(Function<T, ?> key) {
        Set<Object> seen = new HashSet<>();
        return value -> seen.add(key.apply(value));
    }

    /** The deployments of one environment, in the order of time. */
    public List<Deployment> deploymentsIn(String environment) {
        return deployments.stream()
                .filter(deployment -> deployment.environment().equals(environment))
                .toList();
    }

    /** Every pipeline that has deployed, with the environments it has deployed to, in the order of their names. */
    public Set<Place> places() {
        return deployments.stream()
                .map(deployment -> new Place(deployment.pipeline(), deployment.environment()))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    /** A pipeline and an environment that it deploys to. */
    public record Place(String pipeline, String environment) implements Comparable<Place> {

        @Override
        public int compareTo(Place other) {
            int byPipeline = pipeline.compareTo(other.pipeline);
            return byPipeline != 0 ? byPipeline : environment.compareTo(other.environment);
        }
    }
}

package dev.flujo.metrics;

import dev.flujo.event.AnalysisEvent;
import dev.flujo.event.CdEvent;
import dev.flujo.event.Definitions;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.LockEvent;
import dev.flujo.event.RunEvent;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An event that numbers follow from, with its places: the run whose history it belongs to, the moment at which it counts
 * among the deployments of its project, and, for the first event of a run, what opens the run's entry.
 */
public record Fact(
        String project, Envelope event, Optional<UUID> run, Optional<Instant> deployAt, Optional<Entry> entry) {

    /** Pipelines of Flujo itself, which say nothing of how a project's changes fare. */
    private static final Set<String> OF_FLUJO = Set.of(Definitions.PIPELINE, AnalysisEvent.PIPELINE);

    /** A run among the runs of its project. */
    public record Entry(UUID run, String pipeline, Instant receivedAt) {

        public Entry {
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(receivedAt, "receivedAt");
        }
    }

    public Fact {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(deployAt, "deployAt");
        Objects.requireNonNull(entry, "entry");
    }

    /**
     * What this event of this project contributes; none if no number follows from it. Facts of a run count only once the
     * orchestrator has accepted and numbered them: a runner's report on its own is no fact.
     */
    public static Optional<Fact> of(String project, Envelope envelope) {
        Event event = envelope.event();
        boolean accepted = envelope.sequence() > 0;
        if (event instanceof RunEvent.RunQueued e && accepted) {
            if (OF_FLUJO.contains(e.pipeline())) {
                return Optional.empty();
            }
            Entry entry = new Entry(e.run(), e.pipeline(), e.cause().receivedAt());
            return Optional.of(new Fact(project, envelope, Optional.of(e.run()), Optional.empty(), Optional.of(entry)));
        }
        if (event instanceof RunEvent.RunFinished e && accepted) return ofRun(project, envelope, e.run());
        if (event instanceof JobEvent e && accepted) {
            return e instanceof JobEvent.ArtifactPublished || e instanceof JobEvent.DefinitionsRead
                    ? Optional.empty()
                    : ofRun(project, envelope, e.attempt().run());
        }
        if (event instanceof LockEvent e && accepted) return ofRun(project, envelope, e.run());
        if (event instanceof DeployEvent.ServiceDeployed e)
            return ofDeploy(project, envelope, Optional.of(e.attempt().run()), e.servingSince());
        if (event instanceof DeployEvent.ServiceUpgraded e)
            return ofDeploy(project, envelope, Optional.of(e.attempt().run()), e.servingSince());
        if (event instanceof DeployEvent.ServiceRolledBack e)
            return ofDeploy(project, envelope, Optional.of(e.attempt().run()), e.servingSince());
        if (event instanceof DeployEvent.DeploymentFailed e)
            return ofDeploy(project, envelope, Optional.of(e.attempt().run()), envelope.time());
        if (event instanceof CdEvent e && DeployFacts.counts(e))
            return ofDeploy(project, envelope, Optional.empty(), envelope.time());
        return Optional.empty();
    }

    private static Optional<Fact> ofRun(String project, Envelope envelope, UUID run) {
        return Optional.of(new Fact(project, envelope, Optional.of(run), Optional.empty(), Optional.empty()));
    }

    private static Optional<Fact> ofDeploy(String project, Envelope envelope, Optional<UUID> run, Instant at) {
        return Optional.of(new Fact(project, envelope, run, Optional.of(at), Optional.empty()));
    }
}

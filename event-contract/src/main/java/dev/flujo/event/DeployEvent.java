package dev.flujo.event;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What happens to an environment of a project. A deployment id is applied at most once. */
public sealed interface DeployEvent extends Event {

    String project();

    String environment();

    /** {@code project/environment}: the service that runs there. */
    @Override
    default String subject() {
        return project() + "/" + environment();
    }

    /** The environment is used for the first time. */
    record EnvironmentCreated(String project, String environment) implements DeployEvent {

        public EnvironmentCreated {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
        }
    }

    /** The new version is being brought up beside the one that serves. */
    record DeploymentStarted(
            String project, String environment, UUID deployment, Attempt attempt, Revision revision, String by)
            implements DeployEvent {

        public DeploymentStarted {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
        }
    }

    /** The first version in this environment serves. CDEvents' {@code service.deployed}. */
    record ServiceDeployed(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            String pipeline,
            String artifact,
            Revision revision,
            String by,
            String address,
            Instant servingSince)
            implements DeployEvent {

        public ServiceDeployed {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(artifact, "artifact");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(servingSince, "servingSince");
        }
    }

    /** A new version serves in the place of {@code previous}. CDEvents' {@code service.upgraded}. */
    record ServiceUpgraded(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            String pipeline,
            String artifact,
            Revision revision,
            String by,
            String address,
            Instant servingSince,
            UUID previous)
            implements DeployEvent {

        public ServiceUpgraded {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(artifact, "artifact");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(servingSince, "servingSince");
            Objects.requireNonNull(previous, "previous");
        }
    }

    /**
     * An earlier deployment serves again, in the place of the one that was undone; the attempt is the one that brought it.
     * CDEvents' {@code service.rolledback}.
     */
    record ServiceRolledBack(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            String pipeline,
            String artifact,
            Revision revision,
            String by,
            String address,
            Instant servingSince,
            UUID undone,
            Optional<String> reason)
            implements DeployEvent {

        public ServiceRolledBack {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(artifact, "artifact");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(servingSince, "servingSince");
            Objects.requireNonNull(undone, "undone");
            reason = reason == null ? Optional.empty() : reason;
        }
    }

    /** The new version was given up before it served anybody; what served before serves on. */
    record DeploymentFailed(
            String project,
            String environment,
            UUID deployment,
            Attempt attempt,
            Revision revision,
            String by,
            String reason,
            Optional<UUID> serving)
            implements DeployEvent {

        public DeploymentFailed {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(deployment, "deployment");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
            serving = serving == null ? Optional.empty() : serving;
        }
    }

    /**
     * The environment was taken down: nothing runs there any more. CDEvents' {@code environment.deleted}.
     *
     * @param takeDown what was done, by an id that it has wherever it is told
     * @param attempt the one that deployed to it last
     * @param serving what served until then
     */
    record EnvironmentDeleted(
            String project,
            String environment,
            UUID takeDown,
            Attempt attempt,
            Revision revision,
            String by,
            String reason,
            Instant at,
            Optional<UUID> serving)
            implements DeployEvent {

        public EnvironmentDeleted {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(environment, "environment");
            Objects.requireNonNull(takeDown, "takeDown");
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(at, "at");
            serving = serving == null ? Optional.empty() : serving;
        }
    }

    /** Whether it is of the environment as such, and on the log of no run. */
    default boolean ofEnvironment() {
        return this instanceof EnvironmentCreated || this instanceof EnvironmentDeleted;
    }
}

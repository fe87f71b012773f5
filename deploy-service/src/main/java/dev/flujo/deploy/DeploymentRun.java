package dev.flujo.deploy;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.rollout.Application;
import dev.flujo.event.Attempt;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DeployEvent.EnvironmentCreated;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.Leaves;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.event.Reports;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One deployment from its assignment to the acknowledged report of its end. What it reports is the same again when it is
 * carried out again after a crash.
 */
final class DeploymentRun {

    private static final Logger LOG = Logger.getLogger(DeploymentRun.class);

    private static final Duration PATIENCE_WITH_BLOBS = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Work work;
    private final Environment environment;
    private final UUID deployment;
    private final Reports reports;
    private final DeploymentLog log;
    private final Deployments.Ground ground;
    private final Failpoint failpoint;
    private final String runner;
    private volatile Optional<End> stopped = Optional.empty();

    /** How the deployment ended, why if not well, and what it leaves for other jobs. */
    private record End(Outcome outcome, Optional<String> reason, Optional<Leaves> leaves) {

        static End badly(Outcome outcome, String reason) {
            return new End(outcome, Optional.of(reason), Optional.empty());
        }
    }

    DeploymentRun(
            Work work,
            Reports reports,
            DeploymentLog log,
            Deployments.Ground ground,
            Failpoint failpoint,
            String runner) {
        this.work = work;
        this.environment = Environment.of(work);
        this.deployment =
                DerivedId.deployment(work.attempt().run(), work.attempt().job(), environment.name());
        this.reports = reports;
        this.log = log;
        this.ground = ground;
        this.failpoint = failpoint;
        this.runner = runner;
    }

    Environment environment() {
        return environment;
    }

    /** Asks the deployment to end before it takes over; too late for one that has. */
    void stop(Outcome outcome, String reason) {
        if (stopped.isEmpty()) {
            stopped = Optional.of(End.badly(outcome, reason));
        }
    }

    /** Carries the deployment out; returns when all of Kafka knows its end. */
    void execute() throws InterruptedException {
        Attempt attempt = work.attempt();
        if (isNew()) {
            send("environment", new EnvironmentCreated(work.project(), environment.name()));
        }
        reports.send(Topic.DEPLOYS, "started", new JobStarted(work.project(), attempt, runner, Instant.now()));
        send(
                "deployment",
                new DeploymentStarted(
                        work.project(), environment.name(), deployment, attempt, work.revision(), work.by()));
        End end = apply();
        reports.flush();
        failpoint.pass("deploy.after-record-before-event");
        reports.send(
                Topic.DEPLOYS,
                "finished",
                new JobFinished(
                        work.project(),
                        attempt,
                        runner,
                        end.outcome(),
                        end.reason(),
                        Optional.empty(),
                        log.lines(),
                        Instant.now(),
                        Optional.empty(),
                        end.leaves()));
        reports.flush();
    }

    private End apply() throws InterruptedException {
        try {
            Serving serving = ground.rollouts()
                    .apply(new Application(deployment, work, log::add, () -> stopped.flatMap(End::reason)));
            served(serving);
            return new End(Outcome.SUCCEEDED, Optional.empty(), leaves(new Url(work, serving)));
        } catch (NotApplied e) {
            failed(e.getMessage(), e.at());
            return End.badly(stopped.map(End::outcome).orElse(Outcome.FAILED), e.getMessage());
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the service is being stopped");
            }
            LOG.errorf(e, "deployment %s", work.attempt().id());
            String reason = "the target is in trouble: " + e.getMessage();
            failed(reason, Instant.now());
            return End.badly(Outcome.ERRORED, reason);
        }
    }

    /** What serves has been deployed, also where nothing can be kept for other jobs; those that ask for it say so. */
    private Optional<Leaves> leaves(Url url) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_WITH_BLOBS.toNanos();
        while (true) {
            try {
                return Optional.of(new Leaves(List.of(url.output(ground.blobs())), Optional.empty()));
            } catch (IOException e) {
                if (System.nanoTime() > giveUp) {
                    LOG.errorf(
                            e, "deployment %s leaves no output", work.attempt().id());
                    log.add("serves, but its output '" + Deploy.URL + "' could not be kept for other jobs: "
                            + e.getMessage());
                    return Optional.empty();
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
    }

    /** Whether nothing has ever served here, but for this very deployment. */
    private boolean isNew() {
        try {
            return ground.target()
                    .serving(environment)
                    .map(serving -> serving.deployment().equals(deployment)
                            && serving.previous().isEmpty())
                    .orElse(true);
        } catch (IOException e) {
            LOG.warnf("could not ask what serves in %s: %s", environment, e.getMessage());
            return false;
        }
    }

    private void served(Serving serving) {
        String artifact = DeployedArtifact.of(work);
        send("serving", serving.previous().isEmpty() ? first(serving, artifact) : next(serving, artifact));
    }

    private DeployEvent first(Serving serving, String artifact) {
        return new ServiceDeployed(
                work.project(),
                environment.name(),
                deployment,
                work.attempt(),
                work.pipeline(),
                artifact,
                work.revision(),
                work.by(),
                serving.address(),
                serving.since());
    }

    private DeployEvent next(Serving serving, String artifact) {
        return new ServiceUpgraded(
                work.project(),
                environment.name(),
                deployment,
                work.attempt(),
                work.pipeline(),
                artifact,
                work.revision(),
                work.by(),
                serving.address(),
                serving.since(),
                serving.previous().orElseThrow());
    }

    private void failed(String reason, Instant at) {
        log.add("not applied: " + reason);
        Optional<UUID> serving;
        try {
            serving = ground.target().serving(environment).map(Serving::deployment);
        } catch (IOException e) {
            LOG.warnf("could not ask what serves in %s: %s", environment, e.getMessage());
            serving = Optional.empty();
        }
        reports.send(
                Topic.DEPLOYS,
                "serving",
                new DeploymentFailed(
                        work.project(),
                        environment.name(),
                        deployment,
                        work.attempt(),
                        work.revision(),
                        work.by(),
                        reason,
                        serving),
                at);
    }

    private void send(String what, DeployEvent event) {
        reports.send(Topic.DEPLOYS, what, event);
    }
}

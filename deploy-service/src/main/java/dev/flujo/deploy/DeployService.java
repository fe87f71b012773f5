package dev.flujo.deploy;

import dev.flujo.deploy.config.ConfigStore;
import dev.flujo.deploy.rollout.Desk;
import dev.flujo.deploy.rollout.RollBack;
import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.deploy.rollout.Stays;
import dev.flujo.deploy.rollout.TakeDown;
import dev.flujo.deploy.target.Targets;
import dev.flujo.deploy.target.kubernetes.KubernetesConfig;
import dev.flujo.deploy.target.kubernetes.KubernetesTarget;
import dev.flujo.deploy.target.local.LocalTarget;
import dev.flujo.event.AssignmentEvent.AnalysisAnswered;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.ConfigEvent.ConfigGiven;
import dev.flujo.event.DerivedId;
import dev.flujo.event.DriftEvent.DriftDetected;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Job;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.AssignmentAges;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.node.Identity;
import dev.flujo.kit.process.Failpoint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The only kind of runner of the pool {@code deploy}: says that it is there, and carries out what it is given. */
@ApplicationScoped
public class DeployService {

    private static final Logger LOG = Logger.getLogger(DeployService.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");
    private static final Duration LEASE = Duration.ofSeconds(30);

    /** A service that could not renew its lease for so long may soon be given up, and must not take over after that. */
    private static final Duration CUT_OFF = LEASE.multipliedBy(2).dividedBy(3);

    private final DeployConfig config;
    private final EventPublisher publisher;
    private final AssignmentAges ages;
    private final String id;
    private final KubernetesTarget kubernetes;
    private final Target target;
    private final Rollouts rollouts;
    private final Stays stays;
    private final AnalysisRuns analyses;
    private final Rollbacks rollbacks;
    private final TakeDowns takeDowns;
    private final Deployments deployments;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(4, task -> {
        Thread thread = new Thread(task, "deploy-clock");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastRenewal = System.nanoTime();
    private volatile boolean draining;

    DeployService(
            DeployConfig config,
            KubernetesConfig clusters,
            EventPublisher publisher,
            AssignmentAges ages,
            BlobStore blobs)
            throws IOException {
        this.config = config;
        this.publisher = publisher;
        this.ages = ages;
        Path root = config.directory().toAbsolutePath();
        this.id = Identity.of("deployer", root);
        Failpoint failpoint = Failpoint.armed(config.failpoint());
        this.kubernetes = new KubernetesTarget(clusters, root, blobs, failpoint);
        this.target = new Targets(new LocalTarget(config, blobs), kubernetes);
        this.stays = new Stays(root, config.temporaryEnvironments());
        this.analyses = new AnalysisRuns(id, publisher);
        Desk desk = new Desk(new ConfigStore(root, config.secretsKeyFile()), this::tell, stays, analyses);
        this.rollouts = new Rollouts(root, target, config.prometheus().url(), failpoint, desk);
        Deployments.Ground ground = new Deployments.Ground(target, rollouts, blobs);
        this.deployments = new Deployments(root, id, ground, publisher, failpoint);
        this.rollbacks = new Rollbacks(root, ground, publisher, failpoint);
        this.takeDowns = new TakeDowns(root, ground, stays, deployments, publisher);
    }

    /** The name of this service, which is the key of its assignments. */
    public String id() {
        return id;
    }

    /** What deployments are applied to. */
    public Target target() {
        return target;
    }

    /** How versions come to serve. */
    public Rollouts rollouts() {
        return rollouts;
    }

    /** Takes on a rollback; returns when it is not forgotten any more. */
    public void rollBack(RollBack wish) throws IOException {
        rollbacks.accept(wish);
    }

    /** How long environments are there. */
    public Stays stays() {
        return stays;
    }

    /** Whether a deployment or a rollback is on its way to an environment. */
    public boolean deploys(Environment environment) {
        return deployments.goesOn(environment) || rollouts.ongoing(environment).isPresent();
    }

    /** Takes on the end of an environment; returns when it is not forgotten any more. */
    public void takeDown(TakeDown wish) throws IOException {
        takeDowns.accept(wish);
    }

    /** Hears that something has happened to a pull request: what is closed needs its environments no more. */
    public void heard(PullRequestChanged request) throws IOException {
        takeDowns.heard(request);
    }

    void start(@Observes @Priority(5000) StartupEvent event) throws IOException {
        target.tend();
        rollbacks.takeUp();
        deployments.takeUp();
        clock.scheduleAtFixedRate(this::beat, 0, config.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
        clock.scheduleAtFixedRate(this::guard, 2, 2, TimeUnit.SECONDS);
        clock.scheduleWithFixedDelay(this::takeDownWhatIsOver, 1, 1, TimeUnit.SECONDS);
        clock.scheduleWithFixedDelay(this::lookAfterConfig, 2, 2, TimeUnit.SECONDS);
        long drift = config.drift().toMillis();
        clock.scheduleWithFixedDelay(this::lookForDrift, drift, drift, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        draining = true;
        beat();
        clock.shutdownNow();
        rollouts.config().close();
        rollbacks.close();
        takeDowns.close();
        deployments.close();
        kubernetes.close();
    }

    /** Takes an assignment that carries this service's name, unless it comes too late. */
    public void assigned(Envelope envelope, WorkAssigned assignment, boolean tooLate) {
        deployments.assigned(envelope, assignment, tooLate);
    }

    /** Stops a deployment that it has. */
    public void stopped(WorkStopped stop) {
        deployments.stop(stop.attempt(), stop.reason());
    }

    /** Hears what a job says that an analysis has asked. */
    public void answered(AnalysisAnswered answer) {
        analyses.heard(answer);
    }

    private void guard() {
        try {
            target.tend();
            rollouts.tend();
        } catch (IOException | RuntimeException e) {
            LOG.error("could not look after what serves", e);
        }
    }

    private void takeDownWhatIsOver() {
        try {
            takeDowns.look();
        } catch (IOException | RuntimeException e) {
            LOG.error("could not look for environments whose time is over", e);
        }
    }

    private void lookAfterConfig() {
        try {
            rollouts.config().look();
        } catch (IOException | RuntimeException e) {
            LOG.error("could not look after settings and secrets", e);
        }
    }

    private void lookForDrift() {
        try {
            rollouts.lookForDrift(this::tell);
        } catch (IOException | RuntimeException e) {
            LOG.warnf("could not compare what serves with what was applied: %s", e.getMessage());
        }
    }

    private void tell(DriftDetected drift) {
        LOG.infof("drift in %s: %s", drift.subject(), drift.differences());
        UUID chain = drift.deployment();
        UUID id = DerivedId.of("drift", drift.toString());
        publisher.publishAndAwait(Topic.DEPLOYS, Envelope.of(id.toString(), SOURCE, drift.at(), chain, drift));
    }

    private void tell(ConfigGiven given) {
        UUID chain = given.deployment();
        UUID id = DerivedId.of(
                "config", given.subject(), chain.toString(), given.items().toString());
        publisher.publishAndAwait(Topic.DEPLOYS, Envelope.of(id.toString(), SOURCE, given.at(), chain, given));
    }

    /** One at a time, so that the beat which says that it drains is not overtaken by an earlier one. */
    private synchronized void beat() {
        try {
            renew();
            Duration silent = Duration.ofNanos(System.nanoTime() - lastRenewal);
            if (silent.compareTo(CUT_OFF) > 0 && !deployments.running().isEmpty()) {
                LOG.warnf("could not renew the lease for %d s: stops its deployments", silent.toSeconds());
                deployments.stopAll("the deploy-service could not renew its lease");
            }
        } catch (RuntimeException e) {
            LOG.error("heartbeat failed", e);
        }
    }

    private void renew() {
        ages.ask();
        RunnerAlive alive =
                new RunnerAlive(Job.DEPLOY_POOL, id, config.slots(), List.of(), deployments.running(), draining);
        publisher
                .publish(
                        Topic.RUNNERS,
                        Envelope.of(UUID.randomUUID().toString(), SOURCE, Instant.now(), UUID.randomUUID(), alive))
                .subscribe()
                .with(
                        done -> lastRenewal = System.nanoTime(),
                        failure -> LOG.warnf("the lease was not renewed: %s", failure.getMessage()));
    }
}

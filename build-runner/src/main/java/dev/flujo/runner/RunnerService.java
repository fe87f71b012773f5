package dev.flujo.runner;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.AssignmentEvent.WorkStopped;
import dev.flujo.event.Envelope;
import dev.flujo.event.RunnerEvent.RunnerAlive;
import dev.flujo.event.RunnerEvent.RunnerLeft;
import dev.flujo.event.Topic;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.AssignmentAges;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.node.Identity;
import dev.flujo.runner.cache.CacheEntries;
import dev.flujo.runner.checkout.GitCheckout;
import dev.flujo.runner.checkout.HostFiles;
import dev.flujo.runner.checkout.Mirrors;
import dev.flujo.runner.checkout.WorkspacesAhead;
import dev.flujo.runner.egress.NameService;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.docker.DockerConfig;
import dev.flujo.runner.executor.docker.DockerExecutor;
import dev.flujo.runner.executor.dummy.DummyExecutor;
import dev.flujo.runner.executor.kubernetes.KubernetesConfig;
import dev.flujo.runner.executor.kubernetes.KubernetesExecutor;
import dev.flujo.runner.executor.process.ProcessConfig;
import dev.flujo.runner.executor.process.ProcessExecutor;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The runner while its service lives: says that it is there, takes what it is given, and stops itself when cut off. */
@ApplicationScoped
public class RunnerService {

    private static final Logger LOG = Logger.getLogger(RunnerService.class);
    private static final URI SOURCE = URI.create("/flujo/build-runner");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int MOST_AHEAD = 4;
    private static final Duration LAST_BEAT = Duration.ofSeconds(5);
    private static final Duration TO_HAND_BACK = Duration.ofSeconds(10);
    private static final Duration CUT_OFF = LEASE.multipliedBy(2).dividedBy(3);

    private final RunnerConfig config;
    private final Path root;
    private final EventPublisher publisher;
    private final AssignmentAges ages;
    private final String id;
    private final List<String> labels;
    private final JobExecutor executor;
    private final GitCheckout checkout;
    private final JobRunner runner;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastRenewal = System.nanoTime();
    private volatile boolean draining;
    private volatile boolean noRoom;

    RunnerService(
            RunnerConfig config,
            DockerConfig docker,
            KubernetesConfig kubernetes,
            ProcessConfig process,
            EventPublisher publisher,
            AssignmentAges ages,
            BlobStore blobs,
            CacheEntries caches,
            RunnerSecrets secrets,
            MeterRegistry meters)
            throws IOException {
        this.config = config;
        this.publisher = publisher;
        this.ages = ages;
        this.root = config.directory().toAbsolutePath();
        this.id = Identity.of("runner", root);
        this.checkout = new GitCheckout(
                config.localRepositories().orElse(List.of()),
                config.privateHosts().orElse(Set.of()),
                NameService.OF_THIS_MACHINE,
                new HostFiles(config.repositoryHostsDirectory()),
                root.resolve("git-home"),
                new Mirrors(root.resolve("mirrors"), config.mirrorBytes().asLongValue()),
                new WorkspacesAhead(root.resolve("workspaces-ahead"), Math.min(config.slots(), MOST_AHEAD)));
        this.labels = Labels.of(config.executor(), config.labels().orElse(Set.of()));
        this.executor = executor(docker, kubernetes, process);
        this.runner = new JobRunner(
                root,
                new AttemptRun.Tools(
                        executor,
                        checkout,
                        blobs,
                        caches,
                        id,
                        new JobSecrets(config.secretsDirectory()),
                        secrets::mask,
                        config),
                publisher);
        meters.gauge("flujo.runner.slots", config, RunnerConfig::slots);
        meters.gauge("flujo.runner.waiting", executor, JobExecutor::waiting);
        meters.gauge("flujo.runner.running", runner, jobs -> jobs.running().size());
    }

    /** The name of this runner, which is the key of its assignments. */
    public String id() {
        return id;
    }

    void start(@Observes @Priority(5000) StartupEvent event) throws IOException {
        LOG.infof(
                "runner %s of pool %s with %d slots and the labels %s; %s",
                id, config.pool(), config.slots(), labels, executor.isolation());
        runner.takeUp();
        clock.scheduleAtFixedRate(this::beat, 0, config.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        draining = true;
        send(alive());
        boolean drained = config.drain().map(this::drain).orElse(false);
        endBeats();
        if (drained || runner.running().isEmpty()) {
            send(new RunnerLeft(config.pool(), id));
        }
        runner.close();
        checkout.close();
    }

    /** After this, nothing says any more that this runner lives: neither a later beat nor one that is under way. */
    private void endBeats() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(LAST_BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf("the last heartbeat is still under way after %d s", LAST_BEAT.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets jobs end for a while, and hands the others back; false if that was interrupted. */
    private boolean drain(Duration most) {
        try {
            LOG.infof("takes no more jobs; those of now may take %d s: %s", most.toSeconds(), runner.running());
            runner.awaitIdle(most);
            if (!runner.running().isEmpty()) {
                LOG.warnf("hands back what has not ended: %s", runner.running());
                runner.handBack(config.stopPatience().plus(TO_HAND_BACK));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes an assignment that carries this runner's name, unless it comes too late. */
    public void assigned(Envelope envelope, WorkAssigned assignment, boolean tooLate) {
        runner.assigned(envelope, assignment, tooLate);
    }

    /** Stops an attempt that it has. */
    public void stopped(WorkStopped stop) {
        runner.stop(stop.attempt(), stop.reason());
    }

    private void beat() {
        try {
            ages.ask();
            publisher
                    .publish(Topic.RUNNERS, envelope(alive()))
                    .subscribe()
                    .with(done -> lastRenewal = System.nanoTime(), this::notRenewed);
            Duration silent = Duration.ofNanos(System.nanoTime() - lastRenewal);
            if (silent.compareTo(CUT_OFF) > 0 && !runner.running().isEmpty()) {
                LOG.warnf("could not renew the lease for %d s: ends its jobs", silent.toSeconds());
                runner.stopAll("the runner could not renew its lease");
            }
        } catch (RuntimeException e) {
            LOG.error("heartbeat failed", e);
        }
    }

    private void notRenewed(Throwable failure) {
        LOG.warnf("the lease was not renewed: %s", failure.getMessage());
    }

    private void send(dev.flujo.event.RunnerEvent event) {
        try {
            publisher.publish(Topic.RUNNERS, envelope(event)).await().atMost(Duration.ofSeconds(2));
        } catch (RuntimeException e) {
            LOG.warnf("could not say goodbye: %s", e.getMessage());
        }
    }

    private RunnerAlive alive() {
        boolean full = noRoom();
        if (full != noRoom) {
            noRoom = full;
            LOG.warn(full ? "takes no jobs: its disk is nearly full" : "takes jobs again: its disk has room");
        }
        return new RunnerAlive(config.pool(), id, config.slots(), labels, runner.running(), draining || full);
    }

    /** What was fetched of repositories goes before jobs are refused. */
    private boolean noRoom() {
        long least = config.leastDisk().asLongValue();
        if (DiskSpace.under(root, least)) {
            try {
                checkout.forgetRepositories();
            } catch (IOException e) {
                LOG.warnf("could not make room: %s", e.getMessage());
            }
        }
        return DiskSpace.under(root, least);
    }

    private Envelope envelope(dev.flujo.event.RunnerEvent event) {
        return Envelope.of(UUID.randomUUID().toString(), SOURCE, Instant.now(), UUID.randomUUID(), event);
    }

    private JobExecutor executor(DockerConfig docker, KubernetesConfig kubernetes, ProcessConfig process)
            throws IOException {
        int ahead = Math.min(config.slots(), MOST_AHEAD);
        return switch (config.executor()) {
            case "process" ->
                new ProcessExecutor(process, root, ahead, config.home().orElse(root.resolve("home")));
            case "docker" ->
                new DockerExecutor(docker, root, id, config.privateHosts().orElse(Set.of()));
            case "kubernetes" -> new KubernetesExecutor(kubernetes, root, id);
            case "dummy" -> new DummyExecutor();
            default ->
                throw new IllegalArgumentException(
                        "Expected flujo.runner.executor to be process, docker, kubernetes or dummy, but it is '"
                                + config.executor() + "'");
        };
    }
}

package dev.flujo.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.deploy.Target.NotApplied;
import dev.flujo.deploy.Target.Serving;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Decoded;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DeployEvent.EnvironmentCreated;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.EventCodec;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Outcome;
import dev.flujo.event.PackageUrl;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.event.Reports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The deployments that this service was given. Each is noted on disk before anything is done, and its end after it is
 * known everywhere; whatever lies between is done again after a crash, which the target makes harmless.
 */
final class Deployments implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Deployments.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");
    private static final EventCodec CODEC = new EventCodec();
    private static final ObjectMapper JSON = CODEC.mapper();

    private final Path intents;
    private final String runner;
    private final Target target;
    private final EventPublisher publisher;
    private final Failpoint failpoint;
    private final Map<Attempt, AtomicInteger> stops = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "deployment");
        thread.setDaemon(true);
        return thread;
    });

    Deployments(Path root, String runner, Target target, EventPublisher publisher, Failpoint failpoint)
            throws IOException {
        this.intents = Files.createDirectories(root.resolve("intents"));
        this.runner = runner;
        this.target = target;
        this.publisher = publisher;
        this.failpoint = failpoint;
    }

    /** The attempts that have not ended. */
    List<Attempt> running() {
        return stops.keySet().stream().sorted().toList();
    }

    /** Carries out a deployment, unless it is known, or so old that it was taken back. */
    void assigned(Envelope envelope, WorkAssigned assignment) {
        Path intent = intent(assignment.attempt(), "json");
        Instant tooLate = assignment.assignedAt().plusSeconds(assignment.leaseSeconds());
        if (Files.exists(intent)
                || Files.exists(intent(assignment.attempt(), "done"))
                || Instant.now().isAfter(tooLate)) {
            return;
        }
        try {
            Path fresh = Files.createTempFile(intents, "intent", ".tmp");
            Files.write(fresh, JSON.writeValueAsBytes(CODEC.toJson(envelope)));
            Files.move(fresh, intent, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to note a deployment, but " + e.getMessage(), e);
        }
        begin(envelope, assignment);
    }

    /** Asks a deployment to end before it takes over; too late for one that has. */
    void stop(Attempt attempt) {
        Optional.ofNullable(stops.get(attempt)).ifPresent(AtomicInteger::incrementAndGet);
    }

    /** Goes on with every deployment whose end is not known everywhere. */
    void takeUp() throws IOException {
        try (Stream<Path> files = Files.list(intents)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                JsonNode json = JSON.readTree(Files.readAllBytes(file));
                if (CODEC.decode(json) instanceof Decoded.Known known
                        && known.envelope().event() instanceof WorkAssigned assignment) {
                    LOG.infof("goes on with deployment %s", assignment.attempt().id());
                    begin(known.envelope(), assignment);
                }
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void begin(Envelope envelope, WorkAssigned assignment) {
        stops.put(assignment.attempt(), new AtomicInteger());
        threads.execute(() -> {
            MDC.put("runId", assignment.attempt().run().toString());
            MDC.put("traceId", envelope.traceId());
            try {
                carryOut(envelope, assignment.work());
                Path intent = intent(assignment.attempt(), "json");
                Files.move(intent, intent(assignment.attempt(), "done"), StandardCopyOption.ATOMIC_MOVE);
                stops.remove(assignment.attempt());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException e) {
                LOG.errorf(
                        e,
                        "deployment %s was not brought to its end",
                        assignment.attempt().id());
            } finally {
                MDC.remove("runId");
                MDC.remove("traceId");
            }
        });
    }

    private void carryOut(Envelope envelope, Work work) throws InterruptedException {
        Attempt attempt = work.attempt();
        String environment = work.job().deploy().orElseThrow().environment();
        UUID deployment = DerivedId.deployment(attempt.run(), attempt.job(), environment);
        Reports reports = new Reports(publisher, SOURCE, attempt, envelope.chainId());
        if (isNew(work.project(), environment)) {
            reports.send(Topic.DEPLOYS, "environment", new EnvironmentCreated(work.project(), environment));
        }
        reports.send(Topic.DEPLOYS, "started", new JobStarted(work.project(), attempt, runner, Instant.now()));
        reports.send(
                Topic.DEPLOYS,
                "deployment",
                new DeploymentStarted(work.project(), environment, deployment, attempt, work.revision(), work.by()));
        AtomicInteger lines = new AtomicInteger();
        AtomicInteger stop = stops.get(attempt);
        Outcome outcome;
        Optional<String> reason;
        try {
            Serving serving = target.apply(new Target.Application(
                    deployment, work, line -> log(reports, work, lines, line), () -> stop.get() > 0));
            served(reports, work, environment, serving);
            outcome = Outcome.SUCCEEDED;
            reason = Optional.empty();
        } catch (NotApplied e) {
            outcome = stop.get() > 0 ? Outcome.CANCELLED : Outcome.FAILED;
            reason = Optional.of(e.getMessage());
        } catch (IOException e) {
            LOG.errorf(e, "deployment %s", attempt.id());
            outcome = Outcome.ERRORED;
            reason = Optional.of("the target is in trouble: " + e.getMessage());
        }
        if (reason.isPresent()) {
            failed(reports, work, environment, deployment, reason.get(), lines);
        }
        reports.flush();
        failpoint.pass("deploy.after-record-before-event");
        reports.send(
                Topic.DEPLOYS,
                "finished",
                new JobFinished(
                        work.project(),
                        attempt,
                        runner,
                        outcome,
                        reason,
                        Optional.empty(),
                        lines.get(),
                        Instant.now()));
        reports.flush();
    }

    private boolean isNew(String project, String environment) {
        try {
            return target.serving(project, environment).isEmpty();
        } catch (IOException e) {
            LOG.warnf("could not ask what serves in %s: %s", environment, e.getMessage());
            return false;
        }
    }

    private static void served(Reports reports, Work work, String environment, Serving serving) {
        String artifact = work.artifacts().isEmpty()
                ? PackageUrl.generic(
                        work.project(), environment, work.revision().commit().orElse("none"))
                : PackageUrl.generic(
                        work.project(),
                        work.artifacts().get(0).path(),
                        work.artifacts().get(0).sha256());
        reports.send(
                Topic.DEPLOYS,
                "serving",
                serving.previous().isEmpty()
                        ? new ServiceDeployed(
                                work.project(),
                                environment,
                                serving.deployment(),
                                work.attempt(),
                                work.pipeline(),
                                artifact,
                                work.revision(),
                                work.by(),
                                serving.address(),
                                serving.since())
                        : new ServiceUpgraded(
                                work.project(),
                                environment,
                                serving.deployment(),
                                work.attempt(),
                                work.pipeline(),
                                artifact,
                                work.revision(),
                                work.by(),
                                serving.address(),
                                serving.since(),
                                serving.previous().get()));
    }

    private void failed(
            Reports reports, Work work, String environment, UUID deployment, String reason, AtomicInteger lines) {
        log(reports, work, lines, "not applied: " + reason);
        Optional<UUID> serving;
        try {
            serving = target.serving(work.project(), environment).map(Serving::deployment);
        } catch (IOException e) {
            LOG.warnf("could not ask what serves in %s: %s", environment, e.getMessage());
            serving = Optional.empty();
        }
        reports.send(
                Topic.DEPLOYS,
                "serving",
                new DeploymentFailed(
                        work.project(), environment, deployment, work.attempt(), work.revision(), reason, serving));
    }

    private static void log(Reports reports, Work work, AtomicInteger lines, String text) {
        int chunk = lines.getAndIncrement();
        String line = text.replace('\n', ' ');
        reports.send(
                Topic.LOGS,
                "line-" + chunk,
                new LogAppended(work.project(), work.attempt(), 0, chunk, chunk + 1L, 1, Instant.now(), line));
    }

    private Path intent(Attempt attempt, String ending) {
        return intents.resolve(attempt.run() + "." + attempt.job() + "." + attempt.number() + "." + ending);
    }
}

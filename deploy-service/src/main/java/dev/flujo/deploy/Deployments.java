package dev.flujo.deploy;

import dev.flujo.deploy.rollout.Rollouts;
import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.Outcome;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.event.Reports;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * The deployments of this service: carries out what it is given, and what an earlier life of it left behind. Whatever lies
 * between the note of a deployment and its end is done again after a crash, which the target makes harmless.
 */
final class Deployments implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Deployments.class);
    private static final URI SOURCE = URI.create("/flujo/deploy-service");

    private final Intents intents;
    private final String runner;
    private final Ground ground;
    private final EventPublisher publisher;
    private final Failpoint failpoint;
    private final Map<Attempt, DeploymentRun> running = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "deployment");
        thread.setDaemon(true);
        return thread;
    });

    /** Where deployments go, how they get there, and where what they leave is kept. */
    record Ground(Target target, Rollouts rollouts, BlobStore blobs) {}

    Deployments(Path root, String runner, Ground ground, EventPublisher publisher, Failpoint failpoint)
            throws IOException {
        this.intents = new Intents(root);
        this.runner = runner;
        this.ground = ground;
        this.publisher = publisher;
        this.failpoint = failpoint;
    }

    /** The attempts that have not ended. */
    List<Attempt> running() {
        return running.keySet().stream().sorted().toList();
    }

    /** Carries out a deployment, unless it is known, or so old that it was taken back. */
    void assigned(Envelope envelope, WorkAssigned assignment, boolean tooLate) {
        Attempt attempt = assignment.attempt();
        if (intents.has(attempt) || tooLate) {
            return;
        }
        failpoint.pass("deploy.before-intent");
        try {
            intents.note(envelope, assignment);
            begin(envelope, assignment);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Expected to note deployment " + attempt.id() + ", but " + e.getMessage(), e);
        }
    }

    /** Stops a deployment before it takes over; one that has ended is left alone. */
    void stop(Attempt attempt, String reason) {
        DeploymentRun run = running.get(attempt);
        if (run == null) {
            return;
        }
        try {
            intents.noteStop(attempt, reason);
        } catch (IOException e) {
            LOG.errorf(e, "could not note that %s shall stop", attempt.id());
        }
        run.stop(Outcome.CANCELLED, reason);
    }

    /** Where something is on its way to. */
    Set<Environment> environments() {
        return running.values().stream().map(DeploymentRun::environment).collect(Collectors.toSet());
    }

    /** Whether anything is on its way to an environment. */
    boolean goesOn(Environment environment) {
        return environments().contains(environment);
    }

    /** Stops what is on its way to an environment and has not taken over. */
    void stop(Environment environment, String reason) {
        running.forEach((attempt, run) -> {
            if (run.environment().equals(environment)) {
                stop(attempt, reason);
            }
        });
    }

    /** Stops all deployments that have not taken over, because nobody waits for them any more. */
    void stopAll(String reason) {
        running.values().forEach(run -> run.stop(Outcome.ERRORED, reason));
    }

    /** Goes on with every deployment whose end is not known everywhere. */
    void takeUp() throws IOException {
        for (Envelope envelope : intents.open()) {
            WorkAssigned assignment = (WorkAssigned) envelope.event();
            LOG.infof("goes on with deployment %s", assignment.attempt().id());
            begin(envelope, assignment);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void begin(Envelope envelope, WorkAssigned assignment) throws IOException {
        failpoint.pass("deploy.after-intent");
        Attempt attempt = assignment.attempt();
        Reports reports = new Reports(publisher, SOURCE, attempt, envelope.chainId());
        DeploymentLog log = new DeploymentLog(intents.log(attempt), assignment.work(), reports);
        DeploymentRun run = new DeploymentRun(assignment.work(), reports, log, ground, failpoint, runner);
        Optional<String> stop = intents.stop(attempt);
        stop.ifPresent(reason -> run.stop(Outcome.CANCELLED, reason));
        running.put(attempt, run);
        threads.execute(() -> carryOut(envelope, attempt, run));
    }

    private void carryOut(Envelope envelope, Attempt attempt, DeploymentRun run) {
        MDC.put("runId", attempt.run().toString());
        MDC.put("traceId", envelope.traceId());
        try {
            run.execute();
            intents.close(attempt);
            running.remove(attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "deployment %s was not brought to its end", attempt.id());
        } finally {
            MDC.remove("runId");
            MDC.remove("traceId");
        }
    }
}

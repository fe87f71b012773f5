package dev.flujo.runner;

import dev.flujo.event.AssignmentEvent.WorkAssigned;
import dev.flujo.event.Attempt;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.Outcome;
import dev.flujo.event.Topic;
import dev.flujo.kit.event.EventPublisher;
import dev.flujo.kit.event.Reports;
import dev.flujo.runner.AttemptRun.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** The attempts of this runner: takes up what it is given, and what an earlier life of it left behind. */
final class JobRunner implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);
    private static final URI SOURCE = URI.create("/flujo/build-runner");
    private static final Duration IDLE_STEP = Duration.ofMillis(20);
    private static final Duration LOG_STEP = Duration.ofMillis(50);

    private final Path root;
    private final Tools tools;
    private final EventPublisher publisher;
    private final Map<Attempt, AttemptRun> attempts = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "attempt");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2, task -> {
        Thread thread = new Thread(task, "attempt-clock");
        thread.setDaemon(true);
        return thread;
    });

    JobRunner(Path root, Tools tools, EventPublisher publisher) {
        this.root = root;
        this.tools = tools;
        this.publisher = publisher;
        clock.setRemoveOnCancelPolicy(true);
        clock.scheduleWithFixedDelay(
                () -> attempts.values().forEach(AttemptRun::followLog),
                LOG_STEP.toMillis(),
                LOG_STEP.toMillis(),
                TimeUnit.MILLISECONDS);
        clock.scheduleWithFixedDelay(this::forgetOld, 1, 10, TimeUnit.MINUTES);
    }

    /** The attempts that have not ended. */
    List<Attempt> running() {
        return attempts.keySet().stream().sorted().toList();
    }

    /** Executes an attempt, unless it is known, or so old that it was taken back. */
    void assigned(Envelope envelope, WorkAssigned assignment, boolean tooLate) {
        Attempt attempt = assignment.attempt();
        AttemptDirectory directory = AttemptDirectory.of(root, attempt);
        if (tooLate && !Files.exists(directory.path())) {
            LOG.warnf("left attempt %s alone: it was assigned at %s", attempt.id(), assignment.assignedAt());
            return;
        }
        try {
            if (directory.note(envelope)) {
                begin(directory, envelope, assignment, false);
            }
        } catch (IOException e) {
            refuse(envelope, assignment, e);
        }
    }

    /** A runner that cannot note its work, as with a full disk, says so at once: another attempt may have more luck. */
    private void refuse(Envelope envelope, WorkAssigned assignment, IOException failure) {
        Attempt attempt = assignment.attempt();
        LOG.errorf(failure, "could not note attempt %s", attempt.id());
        Reports reports = new Reports(publisher, SOURCE, attempt, envelope.chainId());
        reports.send(
                Topic.BUILDS,
                "finished",
                new JobFinished(
                        assignment.work().project(),
                        attempt,
                        tools.runner(),
                        Outcome.ERRORED,
                        Optional.of("the runner could not note the job on its disk: " + failure.getMessage()),
                        Optional.empty(),
                        0,
                        Instant.now()));
        reports.flush();
    }

    /** Stops an attempt; one that has ended is left alone. */
    void stop(Attempt attempt, String reason) {
        AttemptRun run = attempts.get(attempt);
        if (run == null) {
            return;
        }
        try {
            AttemptDirectory.of(root, attempt).noteStop(reason);
        } catch (IOException e) {
            LOG.errorf(e, "could not note that %s shall stop", attempt.id());
        }
        threads.execute(() -> run.stop(Outcome.CANCELLED, reason));
    }

    /** Ends all attempts, because nobody waits for them any more. */
    void stopAll(String reason) {
        attempts.values().forEach(run -> threads.execute(() -> run.stop(Outcome.ERRORED, reason)));
    }

    /** Ends all attempts so that their jobs begin again elsewhere; returns when none is left, or after that time. */
    void handBack(Duration most) throws InterruptedException {
        attempts.values().forEach(run -> threads.execute(run::handBack));
        awaitIdle(most);
    }

    /** Returns when no attempt is left, or after that time. */
    void awaitIdle(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!attempts.isEmpty() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.sleep(IDLE_STEP.toNanos());
        }
    }

    /** Takes up every attempt whose end was not reported. */
    void takeUp() throws IOException {
        List<AttemptDirectory> open =
                directories().stream().filter(directory -> !directory.closed()).toList();
        tools.executor().keepOnly(open);
        for (AttemptDirectory directory : open) {
            directory.assignment().ifPresent(envelope -> {
                WorkAssigned assignment = (WorkAssigned) envelope.event();
                LOG.infof("takes up attempt %s", assignment.attempt().id());
                begin(directory, envelope, assignment, true);
            });
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
        tools.executor().close();
    }

    private void begin(AttemptDirectory directory, Envelope envelope, WorkAssigned assignment, boolean takenUp) {
        Attempt attempt = assignment.attempt();
        Reports reports = new Reports(publisher, SOURCE, attempt, envelope.chainId());
        AttemptRun run = new AttemptRun(directory, assignment.work(), reports, tools);
        attempts.put(attempt, run);
        Duration timeout = assignment.work().job().timeout();
        Duration left = timeout.minus(directory.age());
        Future<?> timer =
                clock.schedule(() -> timeOut(run, timeout), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        threads.execute(() -> {
            execute(directory, envelope, run, takenUp);
            timer.cancel(false);
        });
    }

    private void execute(AttemptDirectory directory, Envelope envelope, AttemptRun run, boolean takenUp) {
        Attempt attempt = run.work().attempt();
        MDC.put("runId", attempt.run().toString());
        MDC.put("traceId", envelope.traceId());
        try {
            run.execute(takenUp);
            if (!Thread.currentThread().isInterrupted()) {
                makeRoom(directory);
                directory.close();
                attempts.remove(attempt);
            }
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "attempt %s was not brought to its end", attempt.id());
        } finally {
            MDC.remove("runId");
            MDC.remove("traceId");
        }
    }

    /** What a job has left is kept for a while, but not where others could not write any more. */
    private void makeRoom(AttemptDirectory directory) throws IOException {
        if (DiskSpace.under(root, tools.config().leastDisk().asLongValue())) {
            LOG.warnf("deletes the workspace in %s at once: the disk is nearly full", directory.path());
            directory.emptyWorkspace();
        }
    }

    private void timeOut(AttemptRun run, Duration timeout) {
        if (attempts.containsKey(run.work().attempt())) {
            threads.execute(() ->
                    run.stop(Outcome.FAILED, "the job ran longer than its timeout of " + timeout.toSeconds() + " s"));
        }
    }

    /** One that cannot be deleted does not keep the others. */
    private void forgetOld() {
        Instant limit = Instant.now().minus(tools.config().keepAttempts());
        try {
            for (AttemptDirectory directory : directories()) {
                forget(directory, limit);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("could not look for old attempts: %s", e.getMessage());
        }
    }

    private static void forget(AttemptDirectory directory, Instant limit) {
        try {
            if (directory.closed()
                    && Files.getLastModifiedTime(directory.path()).toInstant().isBefore(limit)) {
                directory.delete();
            }
        } catch (IOException e) {
            LOG.warnf("could not delete the old attempt in %s: %s", directory.path(), e.getMessage());
        }
    }

    private List<AttemptDirectory> directories() throws IOException {
        Path all = root.resolve("attempts");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(
                all,
                3,
                (path, attributes) -> attributes.isDirectory() && path.getNameCount() == all.getNameCount() + 3)) {
            return found.sorted().map(AttemptDirectory::new).toList();
        }
    }
}

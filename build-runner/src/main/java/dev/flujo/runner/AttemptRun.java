package dev.flujo.runner;

import dev.flujo.event.Definitions;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.Image;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.Leaves;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.TestSummary;
import dev.flujo.event.Topic;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Step;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.event.Reports;
import dev.flujo.runner.cache.CacheEntries;
import dev.flujo.runner.checkout.CheckoutException;
import dev.flujo.runner.checkout.DefinitionFiles;
import dev.flujo.runner.checkout.GitCheckout;
import dev.flujo.runner.executor.Execution;
import dev.flujo.runner.executor.Execution.Transition;
import dev.flujo.runner.executor.JobExecutor;
import dev.flujo.runner.executor.RefusedException;
import dev.flujo.runner.log.LogTail;
import dev.flujo.runner.log.SecretMask;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** One attempt from its assignment to the acknowledged report of its end; one thread of its own executes it. */
final class AttemptRun {

    private static final Logger LOG = Logger.getLogger(AttemptRun.class);

    /** What an attempt works with. */
    record Tools(
            JobExecutor executor,
            GitCheckout checkout,
            BlobStore blobs,
            CacheEntries caches,
            String runner,
            JobSecrets secrets,
            Function<Collection<String>, SecretMask> mask,
            RunnerConfig config) {}

    private final AttemptDirectory directory;
    private final Work work;
    private final Reports reports;
    private final Tools tools;
    private final AttemptCaches caches;
    private volatile Optional<Execution> execution = Optional.empty();
    private volatile Optional<End> stopped = Optional.empty();
    private volatile boolean handedBack;
    private volatile Optional<LogTail> log = Optional.empty();
    private Map<String, String> secrets = Map.of();
    private SecretMask mask = SecretMask.NONE;
    private volatile int runningStep = Integer.MIN_VALUE;

    AttemptRun(AttemptDirectory directory, Work work, Reports reports, Tools tools) {
        this.directory = directory;
        this.work = work;
        this.reports = reports;
        this.tools = tools;
        this.caches = new AttemptCaches(directory, work, tools);
    }

    Work work() {
        return work;
    }

    /** Executes the attempt from its beginning, or from where an earlier life of the runner left it. */
    void execute(boolean takenUp) {
        End end;
        try {
            boolean begun = takenUp && tools.executor().begun(directory);
            Optional<RefusedException> refused = start(begun);
            mask = tools.mask().apply(secrets.values());
            log = Optional.of(new LogTail(
                    directory,
                    work,
                    tools.config().logBytes(),
                    mask,
                    chunk -> reports.send(Topic.LOGS, "chunk-" + chunk.chunk(), chunk)));
            for (String reason : directory.stop().stream().toList()) {
                stopped = Optional.of(End.of(Outcome.CANCELLED, reason));
            }
            if (refused.isPresent()) {
                throw refused.get();
            }
            end = begun ? takeUp() : begin(takenUp);
        } catch (RefusedException e) {
            execution.ifPresent(running -> running.stop(tools.config().stopPatience()));
            end = stopped.orElse(End.of(Outcome.FAILED, e.getMessage(), "refused"));
        } catch (CheckoutException e) {
            end = stopped.orElse(End.of(Outcome.ERRORED, e.getMessage()));
        } catch (IOException | RuntimeException e) {
            end = failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        tools.executor().release(work);
        finish(end);
    }

    /** Says that the attempt is executed, and in which image; one that is refused is said to have started too. */
    private Optional<RefusedException> start(boolean begun) throws IOException, InterruptedException {
        Optional<Image> image = Optional.empty();
        Optional<RefusedException> refused = Optional.empty();
        try {
            secrets = begun ? directory.secrets() : tools.secrets().of(work);
            image = begun ? directory.image() : prepared();
        } catch (RefusedException e) {
            refused = Optional.of(e);
        }
        hold(
                "started",
                new JobStarted(
                        work.project(),
                        work.attempt(),
                        tools.runner(),
                        Instant.now(),
                        image,
                        Optional.of(tools.executor().isolation())));
        return refused;
    }

    /** A reading executes nothing, so nothing is prepared for it. */
    private Optional<Image> prepared() throws RefusedException, IOException, InterruptedException {
        if (reads()) {
            return Optional.empty();
        }
        Optional<Image> image = tools.executor().prepare(work, () -> stopped.isPresent());
        if (image.isPresent()) {
            directory.noteImage(image.get());
        }
        return image;
    }

    /** The runner's own failure; none if the runner is only being stopped, since then its next life goes on. */
    private End failed(Exception failure) {
        if (Thread.currentThread().isInterrupted()) {
            throw new IllegalStateException("Expected to go on with the attempt, but the runner is stopped", failure);
        }
        LOG.errorf(failure, "attempt %s", work.attempt().id());
        execution.ifPresent(running -> running.stop(tools.config().stopPatience()));
        return stopped.orElse(End.of(failure, DiskSpace.full(directory.path()), execution.isPresent()));
    }

    /** Ends the attempt's processes; it will be reported as cancelled, or with the outcome given. */
    void stop(Outcome outcome, String reason) {
        if (stopped.isEmpty()) {
            boolean tooLong = outcome == Outcome.FAILED;
            stopped = Optional.of(tooLong ? End.of(outcome, reason, "timeout") : End.of(outcome, reason));
            execution.ifPresent(running -> running.stop(tools.config().stopPatience()));
        }
    }

    /** Ends the attempt's processes without a word of it: its pool gives the job to somebody else. */
    void handBack() {
        handedBack = true;
        stop(Outcome.ERRORED, "the runner was asked to end");
    }

    /** Passes on what the running step has printed, and what was to be told with something that takes its time. */
    void followLog() {
        reports.sendHeld();
        int step = runningStep;
        log.ifPresent(tail -> {
            try {
                if (step != Integer.MIN_VALUE) {
                    tail.follow(step);
                }
            } catch (IOException | RuntimeException e) {
                LOG.warnf("could not read the log of %s: %s", work.attempt().id(), e.getMessage());
            }
        });
    }

    /** Nothing of the user's has been executed yet, also where an earlier life of the runner was interrupted. */
    private End begin(boolean takenUp) throws RefusedException, IOException, CheckoutException, InterruptedException {
        if (takenUp) {
            tools.checkout().abandon(directory.workspace());
        }
        directory.emptyWorkspace();
        Files.createDirectories(directory.temporary());
        try {
            checkOut();
            if (stopped.isEmpty()) {
                caches.lay(reports);
            }
        } finally {
            log.orElseThrow().finish(-1);
        }
        if (stopped.isPresent()) {
            return stopped.get();
        }
        if (reads()) {
            send("read", DefinitionFiles.read(directory.workspace(), work.project(), work.attempt()));
            reports.flush();
            return End.well();
        }
        new Handover(directory, work, tools.blobs()).lay();
        directory.noteSecrets(secrets);
        Execution begun = tools.executor()
                .begin(
                        directory,
                        JobSecrets.given(work, secrets),
                        JobEnvironment.of(work, tools.executor().place(directory)));
        return follow(begun);
    }

    private End takeUp() throws RefusedException, IOException, InterruptedException {
        Execution known = tools.executor().takeUp(directory, work);
        if (stopped.isPresent()) {
            known.stop(tools.config().stopPatience());
        }
        return follow(known);
    }

    private void checkOut() throws IOException, CheckoutException, InterruptedException {
        Optional<String> repository = work.revision().repository();
        if (repository.isPresent()) {
            reports.sendHeld();
            tools.checkout()
                    .checkOut(
                            repository.get(),
                            work.revision().commit().orElse(""),
                            work.job().supplies().checkout(),
                            directory.workspace(),
                            directory.output(-1),
                            () -> stopped.isPresent());
        }
    }

    private End follow(Execution begun) throws RefusedException, IOException, InterruptedException {
        execution = Optional.of(begun);
        if (stopped.isPresent()) {
            begun.stop(tools.config().stopPatience());
        }
        Optional<End> failed = Optional.empty();
        while (true) {
            Transition transition = begun.next();
            if (transition instanceof Transition.StepBegan began) {
                runningStep = began.step();
                send(
                        "step-" + began.step(),
                        new StepStarted(work.project(), work.attempt(), began.step(), name(began.step()), began.at()));
            } else if (transition instanceof Transition.StepEnded ended) {
                Optional<End> end = ended(ended);
                failed = failed.isPresent() ? failed : end;
            } else if (transition instanceof Transition.Ended) {
                endLeftBehind(begun);
                return stopped.or(failedAs(failed)).orElse(End.well());
            } else if (transition instanceof Transition.Vanished vanished) {
                endLeftBehind(begun);
                return stopped.orElse(End.of(
                        Outcome.ERRORED,
                        "the job's processes vanished: "
                                + vanished.why().orElse("the machine restarted, or they were killed")));
            } else {
                throw new AssertionError("unhandled transition " + transition);
            }
        }
    }

    /** Nothing of an attempt goes on after it; least of all while its files are read, or where it is executed again. */
    private void endLeftBehind(Execution ended) {
        ended.stop(tools.config().stopPatience());
    }

    private static Supplier<Optional<End>> failedAs(Optional<End> failed) {
        return () -> failed;
    }

    private Optional<End> ended(Transition.StepEnded ended) throws IOException {
        long lines = log.orElseThrow().finish(ended.step());
        runningStep = Integer.MIN_VALUE;
        Outcome outcome = stopped.isPresent()
                ? stopped.get().outcome()
                : ended.exitCode() == 0 ? Outcome.SUCCEEDED : Outcome.FAILED;
        hold(
                "step-end-" + ended.step(),
                new StepFinished(
                        work.project(),
                        work.attempt(),
                        ended.step(),
                        name(ended.step()),
                        outcome,
                        ended.exitCode(),
                        lines,
                        ended.at()));
        Step step = work.job().steps().get(ended.step());
        return ended.exitCode() == 0 || step.settings().continueOnError()
                ? Optional.empty()
                : Optional.of(End.of(step, ended, DiskSpace.full(directory.workspace())));
    }

    private void finish(End steps) {
        if (handedBack) {
            return;
        }
        End end = steps;
        Optional<TestSummary> tests = Optional.empty();
        Optional<Leaves> leaves = Optional.empty();
        if (end.outcome() == Outcome.SUCCEEDED || end.outcome() == Outcome.FAILED) {
            List<String> troubles = new ArrayList<>();
            JobResults results = new JobResults(directory, work, reports, mask);
            tests = results.tests(troubles);
            results.findings(tools.blobs(), troubles);
            if (keeps(end.outcome())) {
                results.artifacts(tools.blobs(), troubles);
            }
            if (end.outcome() == Outcome.SUCCEEDED) {
                caches.keep(log.orElseThrow());
            }
            leaves = new Handover(directory, work, tools.blobs()).take(end.outcome(), mask, troubles);
            if (!troubles.isEmpty()) {
                end = new End(
                        end.outcome() == Outcome.SUCCEEDED ? Outcome.FAILED : end.outcome(),
                        Optional.of(end.reason().map(reason -> reason + "; ").orElse("") + String.join("; ", troubles)),
                        end.failure().or(() -> Optional.of("failure")));
            }
        }
        send(
                "finished",
                new JobFinished(
                        work.project(),
                        work.attempt(),
                        tools.runner(),
                        end.outcome(),
                        end.reason().map(mask::apply),
                        tests,
                        log.map(LogTail::lines).orElse(0L),
                        Instant.now(),
                        end.failure(),
                        leaves));
        reports.flush();
    }

    private boolean reads() {
        return work.pipeline().equals(Definitions.PIPELINE);
    }

    private boolean keeps(Outcome outcome) {
        return switch (work.job().results().keep()) {
            case SUCCESS -> outcome == Outcome.SUCCEEDED;
            case FAILURE -> outcome == Outcome.FAILED;
            case ALWAYS -> true;
        };
    }

    private void send(String what, JobEvent event) {
        reports.send(Topic.BUILDS, what, event);
    }

    private void hold(String what, JobEvent event) {
        reports.hold(Topic.BUILDS, what, event);
    }

    private String name(int step) {
        return work.job().steps().get(step).name();
    }
}

package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.plan.Job;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One judgement of one command: it applies its own new events at once, to see what else follows from them. */
final class RunDecider {

    private final List<Event> events = new ArrayList<>();
    private final Instant now;
    private Optional<Run> run;

    RunDecider(Optional<Run> run, Instant now) {
        this.run = run;
        this.now = now;
    }

    Decision decide(RunCommand command) {
        if (command instanceof RunCommand.Begin begin) {
            return run.isPresent() ? Decision.accepted() : happen(begin.queued());
        }
        if (run.isEmpty()) {
            return Decision.rejected(Reason.RUN_UNKNOWN, "Expected a run that exists, but there is none");
        }
        if (run.get().quarantined() && !run.get().ended()) {
            return Decision.rejected(
                    Reason.QUARANTINED, "Expected a run that is not in quarantine, but run " + id() + " is");
        }
        if (command instanceof RunCommand.Report report) return report(report.event());
        if (command instanceof RunCommand.DeployReport report) return deploying(report);
        if (command instanceof RunCommand.LockSays lock) return lockSays(lock.event());
        if (command instanceof RunCommand.Cancel cancel) return cancel(cancel);
        if (command instanceof RunCommand.TimeOut timeOut) return timeOut(timeOut.attempt());
        if (command instanceof RunCommand.Quarantine quarantine) return quarantine(quarantine.reason());
        throw new AssertionError("unhandled command " + command);
    }

    private Decision cancel(RunCommand.Cancel cancel) {
        Run current = run.orElseThrow();
        if (current.ended()) {
            return Decision.rejected(
                    Reason.RUN_FINISHED,
                    "Expected to cancel a run that has not ended, but run " + id() + " has "
                            + current.outcome().orElseThrow());
        }
        if (current.cancelling()) {
            return Decision.accepted();
        }
        emit(new RunCancelling(current.project(), current.id(), current.pipeline(), cancel.by(), cancel.reason()));
        for (Job job : current.plan().jobs()) {
            JobState state = current.job(job.id());
            if (state.withRunner() && state.phase() != Phase.STOPPING) {
                emit(new JobStopping(current.project(), current.attempt(job.id()), cancel.reason()));
            } else if (!state.ended() && !state.withRunner()) {
                emit(new JobSkipped(current.project(), current.attempt(job.id()), "the run was cancelled"));
            }
        }
        return settle();
    }

    private Decision quarantine(String reason) {
        Run current = run.orElseThrow();
        if (current.ended()) {
            return Decision.accepted();
        }
        return happen(new RunQuarantined(current.project(), current.id(), current.pipeline(), reason));
    }

    private Decision timeOut(Attempt attempt) {
        Run current = run.orElseThrow();
        JobState state = current.job(attempt.job());
        if (current.ended() || state.attempt() != attempt.number() || !state.withRunner()) {
            return Decision.accepted();
        }
        if (state.phase() != Phase.STOPPING) {
            return happen(new JobStopping(current.project(), attempt, "the job ran longer than its timeout"));
        }
        Outcome outcome = current.cancelling() ? Outcome.CANCELLED : Outcome.ERRORED;
        return happen(finished(attempt, state, outcome, "the runner did not say that the attempt has stopped"));
    }

    private Decision lockSays(LockEvent event) {
        Run current = run.orElseThrow();
        if (current.ended()) {
            return Decision.rejected(Reason.RUN_FINISHED, "Expected a run that waits for " + event.lock());
        }
        emit(event);
        if (event instanceof LockAcquired acquired) {
            emit(queued(acquired.attempt()));
        }
        return settle();
    }

    private Decision report(JobEvent event) {
        return refusal(event.attempt())
                .orElseGet(() ->
                        ofNewest(event, run.orElseThrow().job(event.attempt().job())));
    }

    private Decision deploying(RunCommand.DeployReport report) {
        return refusal(report.attempt()).orElseGet(() -> {
            int progress = Run.deployProgress(report.event());
            boolean known =
                    progress <= run.orElseThrow().job(report.attempt().job()).progress();
            return known ? Decision.accepted() : happen(report.event());
        });
    }

    /** What a word on this attempt is answered with if the attempt is not the newest, or has ended. */
    private Optional<Decision> refusal(Attempt attempt) {
        Run current = run.orElseThrow();
        JobState state = current.job(attempt.job());
        if (state == null) {
            return Optional.of(Decision.rejected(
                    Reason.JOB_UNKNOWN, "Expected a job of run " + id() + ", but it has no '" + attempt.job() + "'"));
        }
        if (attempt.number() == state.attempt() && state.ended()) {
            return Optional.of(Decision.accepted());
        }
        if (current.ended()) {
            return Optional.of(
                    Decision.rejected(Reason.RUN_FINISHED, "Expected a report on a run that has not ended: " + id()));
        }
        if (attempt.number() != state.attempt() || state.phase() == Phase.WAITING) {
            return Optional.of(Decision.rejected(
                    Reason.STALE_ATTEMPT,
                    "Expected a report of attempt " + state.attempt() + " of " + attempt.jobId()
                            + ", but it is of attempt " + attempt.number()));
        }
        return Optional.empty();
    }

    private Decision ofNewest(JobEvent event, JobState state) {
        if (event instanceof JobAssigned) return state.phase() == Phase.QUEUED ? happen(event) : Decision.accepted();
        if (event instanceof JobStarted started) return started(started, state);
        if (event instanceof StepStarted step) return step(step, 2 * step.step() + 1, state);
        if (event instanceof StepFinished step) return step(step, 2 * step.step() + 2, state);
        if (event instanceof ArtifactPublished artifact) return published(artifact, state);
        if (event instanceof JobFinished) return happen(event);
        if (event instanceof JobLost lost) return lost(lost, state);
        return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a report of a runner, but it is " + event);
    }

    /** The report of a runner can overtake the pool's word that the runner has the attempt. */
    private Decision started(JobStarted event, JobState state) {
        if (state.phase() == Phase.RUNNING || state.phase() == Phase.STOPPING) {
            return Decision.accepted();
        }
        Run current = run.orElseThrow();
        if (state.phase() == Phase.QUEUED) {
            String pool =
                    current.plan().job(event.attempt().job()).orElseThrow().pool();
            emit(new JobAssigned(current.project(), event.attempt(), pool, event.runner()));
        }
        if (!current.started()) {
            emit(new RunStarted(current.project(), current.id(), current.pipeline()));
        }
        return happen(event);
    }

    private Decision step(JobEvent event, int progress, JobState state) {
        if (!state.withRunner()) {
            return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a started attempt before its steps: " + event);
        }
        return progress <= state.progress() ? Decision.accepted() : happen(event);
    }

    private Decision published(ArtifactPublished event, JobState state) {
        if (!state.withRunner()) {
            return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a started attempt before its artifacts: " + event);
        }
        boolean known = run.orElseThrow().artifacts().stream()
                .anyMatch(artifact -> artifact.job().equals(event.attempt().job())
                        && artifact.path().equals(event.path())
                        && artifact.sha256().equals(event.sha256()));
        return known ? Decision.accepted() : happen(event);
    }

    /** Work on a build may be repeated; whether a deployment was applied must not be guessed, so that one ends here. */
    private Decision lost(JobLost event, JobState state) {
        Run current = run.orElseThrow();
        emit(event);
        Job job = current.plan().job(event.attempt().job()).orElseThrow();
        if (current.cancelling()) {
            emit(finished(event.attempt(), state, Outcome.CANCELLED, event.reason()));
        } else if (job.deploy().isPresent()) {
            emit(finished(
                    event.attempt(),
                    state,
                    Outcome.ERRORED,
                    event.reason() + "; whether the deployment was applied is not known, look at the environment"));
        } else if (event.attempt().number() >= Run.MOST_ATTEMPTS) {
            emit(finished(
                    event.attempt(),
                    state,
                    Outcome.ERRORED,
                    event.reason() + "; gave up after " + Run.MOST_ATTEMPTS + " attempts"));
        }
        return settle();
    }

    private Decision happen(Event event) {
        emit(event);
        return settle();
    }

    /** Everything that follows from how the jobs now stand: skips, starts, and the end of the run. */
    private Decision settle() {
        boolean changed = !run.orElseThrow().ended() && !run.orElseThrow().quarantined();
        while (changed) {
            changed = false;
            for (Job job : run.orElseThrow().plan().jobs()) {
                changed |= advance(job);
            }
        }
        Run current = run.orElseThrow();
        if (!current.ended()
                && !current.quarantined()
                && current.jobs().values().stream().allMatch(JobState::ended)) {
            emit(new RunFinished(
                    current.project(), current.id(), current.pipeline(), outcome(current), Optional.empty()));
        }
        return new Decision.Accepted(events);
    }

    private boolean advance(Job job) {
        Run current = run.orElseThrow();
        JobState state = current.job(job.id());
        if (state.phase() != Phase.WAITING) {
            return false;
        }
        Attempt next = new Attempt(current.id(), job.id(), state.attempt() + 1);
        if (current.cancelling()) {
            emit(new JobSkipped(current.project(), current.attempt(job.id()), "the run was cancelled"));
            return true;
        }
        Optional<String> bad = job.needs().stream()
                .filter(need -> current.job(need).ended() && !current.job(need).succeeded())
                .findFirst();
        if (bad.isPresent()) {
            emit(new JobSkipped(
                    current.project(),
                    current.attempt(job.id()),
                    "it needs job '" + bad.get() + "', which did not succeed"));
            return true;
        }
        if (!job.needs().stream().allMatch(need -> current.job(need).succeeded())) {
            return false;
        }
        emit(job.deploy()
                .<Event>map(deploy -> new LockRequested(current.project(), lockOf(deploy.environment()), next))
                .orElseGet(() -> queued(next)));
        return true;
    }

    static String lockOf(String environment) {
        return "environment:" + environment;
    }

    private static Outcome outcome(Run run) {
        Outcome worst = Outcome.SKIPPED;
        for (JobState state : run.jobs().values()) {
            Outcome outcome = state.outcome().orElseThrow();
            worst = worst.worse(outcome == Outcome.SKIPPED && run.cancelling() ? Outcome.CANCELLED : outcome);
        }
        return worst == Outcome.SKIPPED ? Outcome.SUCCEEDED : worst;
    }

    private JobQueued queued(Attempt attempt) {
        Run current = run.orElseThrow();
        return new JobQueued(
                current.project(),
                attempt,
                current.plan().job(attempt.job()).orElseThrow().pool());
    }

    /** The end of an attempt whose runner cannot say it itself; so its time is that of this judgement. */
    private JobFinished finished(Attempt attempt, JobState state, Outcome outcome, String reason) {
        return new JobFinished(
                run.orElseThrow().project(),
                attempt,
                state.runner().orElse("none"),
                outcome,
                Optional.of(reason),
                Optional.empty(),
                0,
                now);
    }

    private void emit(Event event) {
        run = Optional.of(Run.evolve(run, event));
        events.add(event);
    }

    private String id() {
        return run.map(known -> known.id().toString()).orElse("?");
    }
}

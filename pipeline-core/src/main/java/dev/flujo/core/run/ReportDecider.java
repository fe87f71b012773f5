package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.Decision.Reason;
import dev.flujo.core.plan.GeneratedJobs;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Definitions;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.plan.Job;
import java.util.Optional;

/** The verdict on what runners and the pool say of attempts. */
final class ReportDecider {

    private final Draft draft;

    ReportDecider(Draft draft) {
        this.draft = draft;
    }

    Decision report(JobEvent event) {
        return refusal(event.attempt())
                .orElseGet(() -> ofNewest(event, draft.job(event.attempt().job())));
    }

    Decision deploying(RunCommand.DeployReport report) {
        return refusal(report.attempt()).orElseGet(() -> {
            int progress = Run.deployProgress(report.event());
            boolean known = progress <= draft.job(report.attempt().job()).progress();
            return known ? Decision.accepted() : note(report.event());
        });
    }

    /** What a word on this attempt is answered with if the attempt is not the newest, or has ended. */
    private Optional<Decision> refusal(Attempt attempt) {
        Run current = draft.run();
        JobState state = current.job(attempt.job());
        if (state == null) {
            return Optional.of(Decision.rejected(
                    Reason.JOB_UNKNOWN,
                    "Expected a job of run " + draft.id() + ", but it has no '" + attempt.job() + "'"));
        }
        boolean over = state.ended() || state.phase() == Phase.PAUSED;
        if (attempt.number() == state.attempt() && over) {
            return Optional.of(Decision.accepted());
        }
        if (current.ended()) {
            return Optional.of(Decision.rejected(
                    Reason.RUN_FINISHED, "Expected a report on a run that has not ended: " + draft.id()));
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
        if (event instanceof JobAssigned) return state.phase() == Phase.QUEUED ? note(event) : Decision.accepted();
        if (event instanceof JobStarted started) return started(started, state);
        if (event instanceof StepStarted step) return step(step, 2 * step.step() + 1, state);
        if (event instanceof StepFinished step) return step(step, 2 * step.step() + 2, state);
        if (event instanceof ArtifactPublished artifact) return published(artifact, state);
        if (event instanceof DefinitionsRead read) return read(read, state);
        if (event instanceof JobFinished finished) {
            assigned(finished.attempt(), finished.runner(), state);
            return finished(finished);
        }
        if (event instanceof JobLost lost) return lost(lost);
        return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a report of a runner, but it is " + event);
    }

    /** A run mostly learns from the runner's first report that the pool has given it the attempt. */
    private void assigned(Attempt attempt, String runner, JobState state) {
        if (state.phase() == Phase.QUEUED) {
            Run current = draft.run();
            String pool = current.plan().job(attempt.job()).orElseThrow().pool();
            draft.emit(new JobAssigned(current.project(), attempt, pool, runner));
        }
    }

    private Decision started(JobStarted event, JobState state) {
        if (state.phase() == Phase.RUNNING || state.phase() == Phase.STOPPING) {
            return Decision.accepted();
        }
        Run current = draft.run();
        assigned(event.attempt(), event.runner(), state);
        if (!current.started()) {
            draft.emit(new RunStarted(current.project(), current.id(), current.pipeline()));
        }
        return note(event);
    }

    private Decision step(JobEvent event, int progress, JobState state) {
        if (!state.withRunner()) {
            return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a started attempt before its steps: " + event);
        }
        return progress <= state.progress() ? Decision.accepted() : note(event);
    }

    private Decision read(DefinitionsRead event, JobState state) {
        return draft.run().pipeline().equals(Definitions.PIPELINE)
                ? step(event, 1, state)
                : Decision.rejected(
                        Reason.OUT_OF_ORDER, "Expected definitions from a reading only, but they are of " + draft.id());
    }

    private Decision published(ArtifactPublished event, JobState state) {
        if (!state.withRunner()) {
            return Decision.rejected(Reason.OUT_OF_ORDER, "Expected a started attempt before its artifacts: " + event);
        }
        boolean known = draft.run().artifacts().stream()
                .anyMatch(artifact -> artifact.job().equals(event.attempt().job())
                        && artifact.path().equals(event.path())
                        && artifact.sha256().equals(event.sha256()));
        return known ? Decision.accepted() : note(event);
    }

    private Decision finished(JobFinished said) {
        JobFinished finished = said;
        Optional<GeneratedJobs> generated =
                said.outcome() == Outcome.SUCCEEDED && !draft.run().cancelling()
                        ? said.leaves().flatMap(JobEvent.Leaves::generated).map(text -> generated(said, text))
                        : Optional.empty();
        Optional<String> wrong = generated.flatMap(GeneratedJobs::refusal);
        if (said.leaves().flatMap(JobEvent.Leaves::generated).isPresent()) {
            finished = withoutText(said, wrong);
        }
        draft.emit(finished);
        if (generated.isPresent() && wrong.isEmpty()) {
            Run current = draft.run();
            draft.emit(new RunExtended(
                    current.project(),
                    current.id(),
                    current.pipeline(),
                    said.attempt().job(),
                    Optional.empty(),
                    generated.get().jobs()));
        }
        new Retries(draft).after(finished).ifPresent(draft::emit);
        return new Settling(draft).settle();
    }

    private GeneratedJobs generated(JobFinished said, String text) {
        Run current = draft.run();
        return GeneratedJobs.read(
                text, current.plan(), current.plan().job(said.attempt().job()).orElseThrow());
    }

    /** The text itself does not belong on the log of the run: its jobs are, or what is wrong with it. */
    private static JobFinished withoutText(JobFinished said, Optional<String> wrong) {
        return new JobFinished(
                said.project(),
                said.attempt(),
                said.runner(),
                wrong.isPresent() ? Outcome.FAILED : said.outcome(),
                wrong.or(said::reason),
                said.tests(),
                said.lines(),
                said.finishedAt(),
                wrong.isPresent() ? Optional.of("failure") : said.failure(),
                said.leaves().map(leaves -> new JobEvent.Leaves(leaves.outputs(), Optional.empty())));
    }

    /** Work on a build may be repeated; whether a deployment was applied must not be guessed, so that one ends here. */
    private Decision lost(JobLost event) {
        Run current = draft.run();
        Retries retries = new Retries(draft);
        Job job = current.plan().job(event.attempt().job()).orElseThrow();
        boolean superseded =
                job.gate().concurrency().isPresent() && draft.job(job.id()).phase() == Phase.STOPPING;
        draft.emit(event);
        if (current.cancelling() || superseded) {
            draft.emit(draft.finished(event.attempt(), Outcome.CANCELLED, "platform", event.reason()));
        } else if (job.deploy().isPresent()) {
            draft.emit(draft.finished(
                    event.attempt(),
                    Outcome.ERRORED,
                    "platform",
                    event.reason() + "; whether the deployment was applied is not known, look at the environment"));
        } else if (event.attempt().number() >= retries.mostAttempts(event)) {
            draft.emit(draft.finished(
                    event.attempt(),
                    Outcome.ERRORED,
                    "platform",
                    event.reason() + "; gave up after " + event.attempt().number() + " attempts"));
        } else {
            retries.after(event).ifPresent(draft::emit);
        }
        return new Settling(draft).settle();
    }

    /** What happens to an attempt in its course, and lets nothing else begin. */
    private Decision note(Event event) {
        draft.emit(event);
        return draft.accepted();
    }
}

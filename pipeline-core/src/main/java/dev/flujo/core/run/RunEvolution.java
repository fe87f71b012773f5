package dev.flujo.core.run;

import dev.flujo.core.plan.Extension;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ApprovalOutdated;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.JobEvent.JobApproved;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobRejected;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.JobEvent.JobSkipped;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.JobStopping;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.LockEvent;
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockRefused;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.LockEvent.LockSuperseded;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Approval;
import java.util.ArrayList;
import java.util.List;

/** One event applied to a run that it can follow on. */
final class RunEvolution {

    private final Run run;
    private final Event event;

    RunEvolution(Run run, Event event) {
        this.run = run;
        this.event = event;
    }

    Run apply() {
        if (event instanceof RunStarted) return run.nowStarted();
        if (event instanceof RunHeld) return run.with(Run.Trust.HELD);
        if (event instanceof RunApproved) return run.with(Run.Trust.APPROVED);
        if (event instanceof RunExtended e) return extended(e);
        if (event instanceof RunCancelling) return run.nowCancelling();
        if (event instanceof RunQuarantined) return run.nowQuarantined();
        if (event instanceof RunFinished e) return run.finished(e.outcome());
        if (event instanceof LockEvent e) return locks(e);
        if (event instanceof ApprovalRequested e) return approving(e);
        if (event instanceof JobApproved e) return approved(e);
        if (event instanceof JobRejected e) return rejected(e);
        if (event instanceof ApprovalOutdated e)
            return run.with(e.attempt(), approving(e.attempt()).outdated(e.by()));
        if (event instanceof JobQueued e) return queued(e);
        if (event instanceof JobAssigned e)
            return run.with(e.attempt(), at(e.attempt()).with(Phase.ASSIGNED, e.runner()));
        if (event instanceof JobStarted e) return run.with(e.attempt(), started(e));
        if (event instanceof StepStarted e) return progressed(e.attempt(), 2 * e.step() + 1);
        if (event instanceof StepFinished e) return progressed(e.attempt(), 2 * e.step() + 2);
        if (event instanceof ArtifactPublished e) return published(e);
        if (event instanceof DefinitionsRead e) return progressed(e.attempt(), 1);
        if (event instanceof DeployEvent e) return progressed(Run.deployAttempt(e), Run.deployProgress(e));
        if (event instanceof JobStopping e)
            return run.with(e.attempt(), at(e.attempt()).in(Phase.STOPPING));
        if (event instanceof JobFinished e) return finished(e);
        if (event instanceof JobLost e)
            return run.with(e.attempt(), at(e.attempt()).in(Phase.WAITING));
        if (event instanceof JobRetrying e) return retrying(e);
        if (event instanceof JobSkipped e) return skipped(e);
        if (event instanceof JobKept e) return kept(e);
        if (event instanceof RunRefused) throw new IllegalStateException("Expected no run at all before " + event);
        throw new IllegalStateException("Expected an event of a run, but it is " + event);
    }

    private Run extended(RunExtended e) {
        known(e.job());
        return run.extended(Extension.after(run.plan(), e));
    }

    private Run locks(LockEvent e) {
        if (e.attempt().isEmpty()) return ofRun(e);
        Attempt attempt = e.attempt().get();
        if (e instanceof LockRequested) return locking(attempt);
        if (e instanceof LockQueued || e instanceof LockAcquired) return in(attempt, Phase.LOCKING);
        if (e instanceof LockSuperseded || e instanceof LockRefused) {
            at(attempt);
            return run;
        }
        if (e instanceof LockReleased) return run;
        throw new AssertionError("unhandled event " + e);
    }

    /** The run as a whole asks for the lock of its pipeline's concurrency group once, before anything else. */
    private Run ofRun(LockEvent e) {
        if (e instanceof LockRequested) {
            Run.require(run.turn().isEmpty(), event);
            return run.with(new Run.Turn(e.lock(), false));
        }
        Run.require(run.turn().filter(turn -> turn.lock().equals(e.lock())).isPresent(), event);
        if (e instanceof LockAcquired) {
            Run.require(run.awaitsTurn(), event);
            return run.with(new Run.Turn(e.lock(), true));
        }
        if (e instanceof LockQueued || e instanceof LockSuperseded || e instanceof LockReleased) return run;
        throw new AssertionError("unhandled event " + e);
    }

    /** A job asks for its first lock with a new attempt, and for the next one once it has that. */
    private Run locking(Attempt attempt) {
        JobState state = known(attempt.job());
        boolean fresh = state.waiting() && attempt.number() == state.attempt() + 1;
        boolean further = state.phase() == Phase.LOCKING && attempt.number() == state.attempt();
        Run.require(fresh || further, event);
        return run.with(attempt, state.next(Phase.LOCKING, attempt.number()));
    }

    private Run approving(ApprovalRequested e) {
        JobState state = known(e.attempt().job());
        Run.require(state.phase() == Phase.WAITING && e.attempt().number() == state.attempt() + 1, event);
        return run.with(e.attempt(), state.in(Phase.APPROVING));
    }

    /** With the last consent that it waits for, nothing holds the job but what held it before. */
    private Run approved(JobApproved e) {
        JobState state = approving(e.attempt());
        Run.require(!state.approvals().contains(e.by()), event);
        int wanted = run.plan()
                .job(e.attempt().job())
                .flatMap(job -> job.gate().approval())
                .map(Approval::count)
                .orElse(0);
        boolean enough = state.approvals().size() + 1 >= wanted;
        JobState approved = state.approved(enough ? Phase.WAITING : Phase.APPROVING, e.by());
        return run.with(e.attempt(), e.older().orElse(false) ? approved.over(e.approvedAt()) : approved);
    }

    private Run rejected(JobRejected e) {
        approving(e.attempt());
        return run;
    }

    private JobState approving(Attempt attempt) {
        JobState state = known(attempt.job());
        Run.require(state.phase() == Phase.APPROVING && attempt.number() == state.attempt() + 1, event);
        return state;
    }

    private Run queued(JobQueued e) {
        JobState state = known(e.attempt().job());
        boolean locked = state.phase() == Phase.LOCKING && e.attempt().number() == state.attempt();
        boolean fresh = state.waiting() && e.attempt().number() == state.attempt() + 1;
        Run.require(locked || fresh, event);
        return run.with(e.attempt(), state.next(Phase.QUEUED, e.attempt().number()));
    }

    private JobState started(JobStarted e) {
        JobState state = at(e.attempt());
        return state.phase() == Phase.STOPPING ? state : state.with(Phase.RUNNING, e.runner());
    }

    private Run published(ArtifactPublished e) {
        at(e.attempt());
        List<Work.Artifact> more = new ArrayList<>(run.artifacts());
        more.removeIf(earlier ->
                earlier.job().equals(e.attempt().job()) && earlier.path().equals(e.path()));
        more.add(new Work.Artifact(e.attempt().job(), e.path(), e.bytes(), e.sha256()));
        return run.with(more, run.outputs());
    }

    /** A job that could not even be queued ends with the attempt that it would have had. */
    private Run finished(JobFinished e) {
        JobState state = known(e.attempt().job());
        boolean neverQueued = state.waiting() && e.attempt().number() == state.attempt() + 1;
        JobState ended = neverQueued
                ? state.next(Phase.WAITING, e.attempt().number()).ended(e.outcome())
                : at(e.attempt()).ended(e.outcome());
        List<Work.JobOutput> more = new ArrayList<>(run.outputs());
        e.leaves().ifPresent(leaves -> leaves.outputs()
                .forEach(output -> more.add(new Work.JobOutput(e.attempt().job(), output))));
        return run.with(e.attempt(), ended).with(run.artifacts(), more);
    }

    private Run retrying(JobRetrying e) {
        JobState state = known(e.attempt().job());
        boolean over = state.ended() || state.phase() == Phase.WAITING;
        Run.require(over && state.attempt() == e.attempt().number(), event);
        return run.with(e.attempt(), state.next(Phase.PAUSED, state.attempt()));
    }

    private Run skipped(JobSkipped e) {
        JobState state = known(e.attempt().job());
        Run.require(!state.ended() && !state.withRunner(), event);
        return run.with(e.attempt(), state.ended(Outcome.SKIPPED));
    }

    private Run kept(JobKept e) {
        JobState state = known(e.attempt().job());
        Run.require(state.phase() == Phase.WAITING && state.attempt() == 0, event);
        List<Work.Artifact> artifacts = new ArrayList<>(run.artifacts());
        artifacts.addAll(e.artifacts());
        List<Work.JobOutput> outputs = new ArrayList<>(run.outputs());
        e.outputs().forEach(output -> outputs.add(new Work.JobOutput(e.attempt().job(), output)));
        return run.with(
                        e.attempt(),
                        state.next(Phase.WAITING, e.attempt().number()).ended(Outcome.SUCCEEDED))
                .with(artifacts, outputs);
    }

    private Run in(Attempt attempt, Phase phase) {
        Run.require(at(attempt).phase() == phase, event);
        return run;
    }

    private Run progressed(Attempt attempt, int progress) {
        return run.with(attempt, at(attempt).progressed(progress));
    }

    /** The state of the job whose newest attempt this is, and which has not ended. */
    private JobState at(Attempt attempt) {
        JobState state = known(attempt.job());
        Run.require(!state.ended() && state.attempt() == attempt.number(), event);
        return state;
    }

    private JobState known(String job) {
        JobState state = run.job(job);
        Run.require(state != null, event);
        return state;
    }
}

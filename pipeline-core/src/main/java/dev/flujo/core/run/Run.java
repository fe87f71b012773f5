package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.run.JobState.Phase;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Event;
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
import dev.flujo.event.LockEvent.LockAcquired;
import dev.flujo.event.LockEvent.LockQueued;
import dev.flujo.event.LockEvent.LockReleased;
import dev.flujo.event.LockEvent.LockRequested;
import dev.flujo.event.Ordered;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunCancelling;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunQuarantined;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The state of one run: what its log says, folded. Only events change it; {@link RunDecider} judges commands.
 *
 * @param plan what the run executes
 * @param jobs where each job stands, in the plan's order
 * @param artifacts the files that its jobs have published, in the order of publication
 * @param version how many events the run has, which is the sequence of the last one
 */
public record Run(
        UUID id,
        String project,
        String pipeline,
        Cause cause,
        Revision revision,
        Plan plan,
        Map<String, JobState> jobs,
        List<Work.Artifact> artifacts,
        boolean started,
        boolean cancelling,
        boolean quarantined,
        Optional<Outcome> outcome,
        long version) {

    /** How many attempts a job gets when its runners are lost. */
    static final int MOST_ATTEMPTS = 3;

    public Run {
        jobs = Ordered.copy(jobs);
        artifacts = artifacts == null ? List.of() : List.copyOf(artifacts);
        outcome = outcome == null ? Optional.empty() : outcome;
    }

    /** The run that its first event makes. */
    public static Run begun(RunQueued queued) {
        Map<String, JobState> jobs = new LinkedHashMap<>();
        queued.plan().jobs().forEach(job -> jobs.put(job.id(), JobState.WAITING));
        return new Run(
                queued.run(),
                queued.project(),
                queued.pipeline(),
                queued.cause(),
                queued.revision(),
                queued.plan(),
                jobs,
                List.of(),
                false,
                false,
                false,
                Optional.empty(),
                1);
    }

    /** Judges a command; {@code run} is none while there is no such run. */
    public static Decision decide(Optional<Run> run, RunCommand command, Instant now) {
        return new RunDecider(run, now).decide(command);
    }

    /**
     * Applies a fact that was already accepted.
     *
     * @throws IllegalStateException if it cannot apply: the log is corrupt
     */
    public static Run evolve(Optional<Run> before, Event event) {
        if (event instanceof RunQueued e) {
            require(before.isEmpty(), event);
            return begun(e);
        }
        Run run = before.orElseThrow(() -> new IllegalStateException("Expected a run before " + event));
        require(run.outcome.isEmpty(), event);
        return run.apply(event).counted();
    }

    /** Whether the run has ended. */
    public boolean ended() {
        return outcome.isPresent();
    }

    public JobState job(String job) {
        return jobs.get(job);
    }

    /** The attempt that a job is at. */
    public Attempt attempt(String job) {
        return new Attempt(id, job, Math.max(1, jobs.get(job).attempt()));
    }

    /** What a runner must know to execute the newest attempt of a job. */
    public Work work(Job job) {
        Map<String, String> env = new LinkedHashMap<>(plan.env());
        env.putAll(job.env());
        List<Work.Artifact> wanted = job.deploy()
                .map(deploy -> artifacts.stream()
                        .filter(artifact -> artifact.job().equals(deploy.from()))
                        .toList())
                .orElse(List.of());
        return new Work(project, pipeline, attempt(job.id()), job, revision, env, cause.by(), wanted);
    }

    /** The same run without its plan, for keeping the plan in one place. */
    public Run withPlan(Plan newPlan) {
        return new Run(
                id,
                project,
                pipeline,
                cause,
                revision,
                newPlan,
                jobs,
                artifacts,
                started,
                cancelling,
                quarantined,
                outcome,
                version);
    }

    private Run apply(Event event) {
        if (event instanceof RunStarted) return with(jobs, artifacts, true, cancelling, quarantined, outcome);
        if (event instanceof RunCancelling) return with(jobs, artifacts, started, true, quarantined, outcome);
        if (event instanceof RunQuarantined) return with(jobs, artifacts, started, cancelling, true, outcome);
        if (event instanceof RunFinished e)
            return with(jobs, artifacts, started, cancelling, quarantined, Optional.of(e.outcome()));
        if (event instanceof LockRequested e) return locking(e);
        if (event instanceof LockQueued e) return in(e.attempt(), event, Phase.LOCKING);
        if (event instanceof LockAcquired e) return in(e.attempt(), event, Phase.LOCKING);
        if (event instanceof LockReleased) return this;
        if (event instanceof JobQueued e) return queued(e);
        if (event instanceof JobAssigned e)
            return with(e.attempt(), at(e.attempt(), event).with(Phase.ASSIGNED, e.runner()));
        if (event instanceof JobStarted e) return with(e.attempt(), started(e));
        if (event instanceof StepStarted e) return progressed(e.attempt(), event, 2 * e.step() + 1);
        if (event instanceof StepFinished e) return progressed(e.attempt(), event, 2 * e.step() + 2);
        if (event instanceof ArtifactPublished e) return published(e);
        if (event instanceof DeployEvent e) return progressed(deployAttempt(e), e, deployProgress(e));
        if (event instanceof JobStopping e)
            return with(e.attempt(), at(e.attempt(), event).in(Phase.STOPPING));
        if (event instanceof JobFinished e)
            return with(e.attempt(), at(e.attempt(), event).ended(e.outcome()));
        if (event instanceof JobLost e)
            return with(e.attempt(), at(e.attempt(), event).in(Phase.WAITING));
        if (event instanceof JobSkipped e) return skipped(e);
        if (event instanceof RunRefused) throw new IllegalStateException("Expected no run at all before " + event);
        throw new IllegalStateException("Expected an event of a run, but it is " + event);
    }

    /** The attempt that a deployment's event belongs to. */
    public static Attempt deployAttempt(DeployEvent event) {
        if (event instanceof DeploymentStarted e) return e.attempt();
        if (event instanceof ServiceDeployed e) return e.attempt();
        if (event instanceof ServiceUpgraded e) return e.attempt();
        if (event instanceof DeploymentFailed e) return e.attempt();
        throw new IllegalStateException("Expected an event of a deployment, but it is " + event);
    }

    static int deployProgress(DeployEvent event) {
        return event instanceof DeploymentStarted ? 1 : 2;
    }

    private Run locking(LockRequested e) {
        JobState state = known(e.attempt().job(), e);
        require(state.phase() == Phase.WAITING && e.attempt().number() == state.attempt() + 1, e);
        return with(e.attempt(), state.next(Phase.LOCKING, e.attempt().number()));
    }

    private Run queued(JobQueued e) {
        JobState state = known(e.attempt().job(), e);
        boolean locked = state.phase() == Phase.LOCKING && e.attempt().number() == state.attempt();
        boolean fresh = state.phase() == Phase.WAITING && e.attempt().number() == state.attempt() + 1;
        require(locked || fresh, e);
        return with(e.attempt(), state.next(Phase.QUEUED, e.attempt().number()));
    }

    private JobState started(JobStarted e) {
        JobState state = at(e.attempt(), e);
        return state.phase() == Phase.STOPPING ? state : state.with(Phase.RUNNING, e.runner());
    }

    private Run published(ArtifactPublished e) {
        at(e.attempt(), e);
        List<Work.Artifact> more = new ArrayList<>(artifacts);
        more.removeIf(earlier ->
                earlier.job().equals(e.attempt().job()) && earlier.path().equals(e.path()));
        more.add(new Work.Artifact(e.attempt().job(), e.path(), e.bytes(), e.sha256()));
        return with(jobs, more, started, cancelling, quarantined, outcome);
    }

    private Run skipped(JobSkipped e) {
        JobState state = known(e.attempt().job(), e);
        require(!state.ended() && !state.withRunner(), e);
        return with(e.attempt(), state.ended(Outcome.SKIPPED));
    }

    private Run in(Attempt attempt, Event event, Phase phase) {
        require(at(attempt, event).phase() == phase, event);
        return this;
    }

    private Run progressed(Attempt attempt, Event event, int progress) {
        return with(attempt, at(attempt, event).progressed(progress));
    }

    /** The state of the job whose newest attempt this is, and which has not ended. */
    private JobState at(Attempt attempt, Event event) {
        JobState state = known(attempt.job(), event);
        require(!state.ended() && state.attempt() == attempt.number(), event);
        return state;
    }

    private JobState known(String job, Event event) {
        JobState state = jobs.get(job);
        require(state != null, event);
        return state;
    }

    private Run with(Attempt attempt, JobState state) {
        Map<String, JobState> changed = new LinkedHashMap<>(jobs);
        changed.put(attempt.job(), state);
        return with(changed, artifacts, started, cancelling, quarantined, outcome);
    }

    private Run with(
            Map<String, JobState> newJobs,
            List<Work.Artifact> newArtifacts,
            boolean nowStarted,
            boolean nowCancelling,
            boolean nowQuarantined,
            Optional<Outcome> newOutcome) {
        return new Run(
                id,
                project,
                pipeline,
                cause,
                revision,
                plan,
                newJobs,
                newArtifacts,
                nowStarted,
                nowCancelling,
                nowQuarantined,
                newOutcome,
                version);
    }

    private Run counted() {
        return new Run(
                id,
                project,
                pipeline,
                cause,
                revision,
                plan,
                jobs,
                artifacts,
                started,
                cancelling,
                quarantined,
                outcome,
                version + 1);
    }

    private static void require(boolean condition, Event event) {
        if (!condition) {
            throw new IllegalStateException("Expected an event that can follow in this run, but it is " + event);
        }
    }
}

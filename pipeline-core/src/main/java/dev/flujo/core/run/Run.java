package dev.flujo.core.run;

import dev.flujo.core.Decision;
import dev.flujo.core.plan.Asking;
import dev.flujo.core.plan.Extension;
import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DeployEvent.DeploymentFailed;
import dev.flujo.event.DeployEvent.DeploymentStarted;
import dev.flujo.event.DeployEvent.ServiceDeployed;
import dev.flujo.event.DeployEvent.ServiceUpgraded;
import dev.flujo.event.Event;
import dev.flujo.event.Ordered;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
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
 * @param outputs what its jobs give to those that need them
 * @param version how many events the run has, which is the sequence of the last one
 * @param turn its place in the concurrency group of its pipeline, once it has asked for one
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
        long version,
        Asked asked,
        List<Work.JobOutput> outputs,
        Trust trust,
        Optional<Turn> turn) {

    /** The run's place in the concurrency group of its pipeline: the lock of that, and whether the run has got it. */
    public record Turn(String lock, boolean taken) {}

    /** Whether what a run executes comes from the repository itself, or else whether somebody has let it. */
    public enum Trust {
        TRUSTED,
        /** It waits for somebody to let it. */
        HELD,
        /** Somebody has let it, which does not give it secrets. */
        APPROVED
    }

    /** What expressions can ask of how the run began; nothing where the plan has none. */
    public record Asked(String version, Map<String, String> inputs, Map<String, Object> event) {

        static final Asked NOTHING = new Asked("", Map.of(), Map.of());

        public Asked {
            inputs = Ordered.copy(inputs);
            event = Ordered.tree(event);
        }
    }

    /** How many attempts a job gets when its runners are lost. */
    static final int MOST_ATTEMPTS = 3;

    public Run {
        jobs = Ordered.copy(jobs);
        artifacts = artifacts == null ? List.of() : List.copyOf(artifacts);
        outcome = outcome == null ? Optional.empty() : outcome;
        asked = asked == null ? Asked.NOTHING : asked;
        outputs = outputs == null ? List.of() : List.copyOf(outputs);
        trust = trust == null ? Trust.TRUSTED : trust;
        turn = turn == null ? Optional.empty() : turn;
    }

    /** The run that its first event makes. */
    public static Run begun(RunQueued queued) {
        Plan plan = Extension.atFirst(queued.plan());
        Map<String, JobState> jobs = new LinkedHashMap<>();
        plan.jobs().forEach(job -> jobs.put(job.id(), JobState.WAITING));
        return new Run(
                queued.run(),
                queued.project(),
                queued.pipeline(),
                queued.cause(),
                queued.revision(),
                plan,
                jobs,
                List.of(),
                false,
                false,
                false,
                Optional.empty(),
                1,
                Asking.asks(queued.plan()) ? new Asked(queued.version(), queued.inputs(), queued.event()) : null,
                List.of(),
                Trust.TRUSTED,
                Optional.empty());
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
            Run.require(before.isEmpty(), event);
            return begun(e);
        }
        Run run = before.orElseThrow(() -> new IllegalStateException("Expected a run before " + event));
        require(run.outcome.isEmpty(), event);
        return new RunEvolution(run, event).apply().counted();
    }

    /** Whether the run has ended. */
    public boolean ended() {
        return outcome.isPresent();
    }

    /** Whether nothing of the run begins before somebody lets it. */
    public boolean held() {
        return trust == Trust.HELD;
    }

    public JobState job(String job) {
        return jobs.get(job);
    }

    /** The attempt that a job is at. */
    public Attempt attempt(String job) {
        return new Attempt(id, job, Math.max(1, jobs.get(job).attempt()));
    }

    /**
     * What a runner must know to execute the newest attempt of a job.
     *
     * @throws dev.flujo.core.plan.expression.Evaluation.Failure if an expression has no value; a job that was queued has one
     */
    public Work work(Job job) {
        return new RunValues(this).work(job);
    }

    /**
     * The locks that a job holds while it runs, in the order in which it asks for them.
     *
     * @throws dev.flujo.core.plan.expression.Evaluation.Failure as above
     */
    public List<String> locks(Job job) {
        return new RunValues(this).locks(job).stream().map(LockWish::lock).toList();
    }

    /** What a job waits for and has not ended, in the plan's order. */
    public List<String> open(Job job) {
        return new Needs(() -> this)
                .before(job).stream().filter(id -> !jobs.get(id).ended()).toList();
    }

    /** Whether the run waits for its turn in the concurrency group of its pipeline. */
    public boolean awaitsTurn() {
        return plan.concurrency().isPresent() && turn.filter(Turn::taken).isEmpty();
    }

    /** The same run with this plan, or without one, for keeping the plan in one place. */
    public Run withPlan(Plan newPlan) {
        return with(newPlan, jobs);
    }

    /** The same run with its jobs standing so, or without them, for keeping each in a place of its own. */
    public Run withJobs(Map<String, JobState> newJobs) {
        return with(plan, newJobs);
    }

    /** The attempt that a deployment's event belongs to. */
    public static Attempt deployAttempt(DeployEvent event) {
        if (event instanceof DeploymentStarted e) return e.attempt();
        if (event instanceof ServiceDeployed e) return e.attempt();
        if (event instanceof ServiceUpgraded e) return e.attempt();
        if (event instanceof DeployEvent.ServiceRolledBack e) return e.attempt();
        if (event instanceof DeploymentFailed e) return e.attempt();
        throw new IllegalStateException("Expected an event of a deployment, but it is " + event);
    }

    static int deployProgress(DeployEvent event) {
        return event instanceof DeploymentStarted ? 1 : 2;
    }

    Run with(Attempt attempt, JobState state) {
        Map<String, JobState> changed = new LinkedHashMap<>(jobs);
        changed.put(attempt.job(), state);
        return with(changed, artifacts, outputs, started, cancelling, quarantined, outcome);
    }

    Run with(List<Work.Artifact> newArtifacts, List<Work.JobOutput> newOutputs) {
        return with(jobs, newArtifacts, newOutputs, started, cancelling, quarantined, outcome);
    }

    Run nowStarted() {
        return with(jobs, artifacts, outputs, true, cancelling, quarantined, outcome);
    }

    Run nowCancelling() {
        return with(jobs, artifacts, outputs, started, true, quarantined, outcome);
    }

    Run nowQuarantined() {
        return with(jobs, artifacts, outputs, started, cancelling, true, outcome);
    }

    Run finished(Outcome newOutcome) {
        return with(jobs, artifacts, outputs, started, cancelling, quarantined, Optional.of(newOutcome));
    }

    Run with(Trust newTrust) {
        return with(version, newTrust, turn);
    }

    Run with(Turn newTurn) {
        return with(version, trust, Optional.of(newTurn));
    }

    /** The same run with the jobs of this plan; those that are new wait. */
    Run extended(Plan newPlan) {
        Map<String, JobState> states = new LinkedHashMap<>();
        newPlan.jobs().forEach(job -> states.put(job.id(), jobs.getOrDefault(job.id(), JobState.WAITING)));
        return with(newPlan, states);
    }

    private Run with(Plan newPlan, Map<String, JobState> newJobs) {
        return new Run(
                id,
                project,
                pipeline,
                cause,
                revision,
                newPlan,
                newJobs,
                artifacts,
                started,
                cancelling,
                quarantined,
                outcome,
                version,
                asked,
                outputs,
                trust,
                turn);
    }

    private Run with(
            Map<String, JobState> newJobs,
            List<Work.Artifact> newArtifacts,
            List<Work.JobOutput> newOutputs,
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
                version,
                asked,
                newOutputs,
                trust,
                turn);
    }

    private Run with(long newVersion, Trust newTrust, Optional<Turn> newTurn) {
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
                newVersion,
                asked,
                outputs,
                newTrust,
                newTurn);
    }

    private Run counted() {
        return with(version + 1, trust, turn);
    }

    static void require(boolean condition, Event event) {
        if (!condition) {
            throw new IllegalStateException("Expected an event that can follow in this run, but it is " + event);
        }
    }
}

package dev.flujo.core.run;

import dev.flujo.core.plan.Jobs;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.event.AnalysisEvent;
import dev.flujo.event.AnalysisEvent.AnalysisRequested;
import dev.flujo.event.Cause;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Tolerance;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The run in which a job answers an analysis: of the plan of the run that deploys it is that job and what it needs, which is
 * kept. Its outcome is the answer, so a failure of the job is one whatever tolerates it elsewhere.
 */
public final class AnalysisRun {

    private AnalysisRun() {}

    /** The names of the jobs that analyses of this plan ask; they do not belong to the run's own order. */
    static Set<String> asked(Plan plan) {
        Set<String> asked = new HashSet<>();
        for (Job job : plan.jobs()) {
            job.deploy().map(Deploy::rollout).stream()
                    .flatMap(rollout -> rollout.analysis().stream())
                    .flatMap(analysis -> analysis.job().stream())
                    .forEach(asked::add);
        }
        return asked;
    }

    /** Why the question cannot be put, if that is so. */
    public static Optional<String> refusal(Optional<Run> deploying, AnalysisRequested question) {
        if (deploying.isEmpty()) {
            return Optional.of("the run that deploys has ended");
        }
        Run by = deploying.get();
        if (by.trust() != Run.Trust.TRUSTED) {
            return Optional.of("the run that deploys comes from another repository, and its jobs are asked nothing");
        }
        return members(by, question.job()).findAny().isPresent()
                ? Optional.empty()
                : Optional.of("the run that deploys has no job '" + question.job() + "'");
    }

    /** How the run begins that answers a question of this run. */
    public static RunCommand.Begin of(Run by, AnalysisRequested question, Instant now) {
        Set<String> wanted = withNeeds(by, question.job());
        List<Job> jobs = by.plan().jobs().stream()
                .filter(job -> wanted.contains(job.id()))
                .map(job -> Needs.cameOutOf(job.id(), question.job()) ? strict(job) : job)
                .toList();
        Plan plan = by.plan();
        Map<String, Object> event = new HashMap<>(by.asked().event());
        event.put(EventField.ENVIRONMENT.word(), question.environment());
        event.put(EventField.ADDRESS.word(), question.address());
        Cause cause = new Cause(
                        Cause.Kind.DEPLOYMENT,
                        by.cause().by(),
                        question.deployment().toString(),
                        now)
                .since(by.cause().age());
        RunQueued queued = new RunQueued(
                by.project(),
                question.run(),
                AnalysisEvent.PIPELINE,
                by.asked().version(),
                cause,
                by.revision(),
                new Plan(plan.name(), plan.on(), plan.env(), jobs, plan.inputs(), Optional.empty(), plan.timeout()),
                by.asked().inputs(),
                event);
        List<JobKept> kept = jobs.stream()
                .map(Job::id)
                .filter(id -> by.job(id).succeeded())
                .map(id -> Rerun.kept(by, question.run(), id))
                .toList();
        return new RunCommand.Begin(queued, Optional.empty(), new RunCommand.Kept(List.of(), kept));
    }

    private static Stream<String> members(Run run, String name) {
        return run.jobs().keySet().stream().filter(id -> Needs.cameOutOf(id, name));
    }

    private static Set<String> withNeeds(Run by, String name) {
        Needs needs = new Needs(() -> by);
        Set<String> wanted = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(members(by, name).toList());
        while (!open.isEmpty()) {
            String id = open.remove();
            if (wanted.add(id)) {
                Job job = by.plan().job(id).orElseThrow();
                job.needs().forEach(need -> open.addAll(needs.members(job, need)));
            }
        }
        return wanted;
    }

    private static Job strict(Job job) {
        return Jobs.withTolerance(job, new Tolerance(job.tolerance().retry(), Tolerance.NONE.continueOnError()));
    }
}

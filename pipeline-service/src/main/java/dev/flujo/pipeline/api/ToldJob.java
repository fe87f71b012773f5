package dev.flujo.pipeline.api;

import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ApprovalOutdated;
import dev.flujo.event.JobEvent.ApprovalRequested;
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
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.Outcome;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Job;
import dev.flujo.pipeline.api.ApprovalView.AnswerView;
import dev.flujo.pipeline.api.JobView.AttemptView;
import dev.flujo.pipeline.api.JobView.StepView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What has been told of one job so far. */
final class ToldJob {

    private static final String WAITING = "WAITING";
    private static final String APPROVING = "APPROVING";

    private final TreeMap<Integer, AttemptView> attempts = new TreeMap<>();
    private String state = WAITING;
    private Optional<String> reason = Optional.empty();
    private Optional<String> url = Optional.empty();
    private Optional<ApprovalView> approval = Optional.empty();
    private Optional<String> keptFrom = Optional.empty();

    JobView view(Job job) {
        return new JobView(
                job.id(),
                job.needs(),
                state,
                reason,
                job.deploy().isPresent() ? url : Optional.empty(),
                approval,
                keptFrom,
                List.copyOf(attempts.values()));
    }

    void hear(Envelope envelope, JobEvent event) {
        int number = event.attempt().number();
        AttemptView before = attempts.getOrDefault(
                number,
                new AttemptView(
                        number,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of()));
        if (event instanceof JobSkipped e) {
            state = "SKIPPED";
            reason = Optional.of(e.reason());
        } else if (event instanceof JobKept e) {
            state = Outcome.SUCCEEDED.name();
            keptFrom = Optional.of(e.from().id());
            url = url(e.outputs());
        } else if (event instanceof ApprovalRequested e) {
            state = APPROVING;
            approval = Optional.of(ApprovalView.of(e));
        } else if (event instanceof JobApproved e) {
            approval = approval.map(wanted -> wanted.with(AnswerView.of(e)));
            state = approval.filter(ApprovalView::complete).isPresent() ? WAITING : APPROVING;
        } else if (event instanceof ApprovalOutdated e) {
            approval = approval.map(wanted -> wanted.outdated(e.by()));
        } else if (event instanceof JobRejected e) {
            approval = approval.map(wanted -> wanted.with(AnswerView.of(e)));
        } else if (event instanceof JobQueued) {
            state = "QUEUED";
            attempts.put(number, queued(before, envelope));
        } else if (event instanceof JobAssigned e) {
            state = "ASSIGNED";
            attempts.put(number, with(before, Optional.of(e.runner()), before.steps()));
        } else if (event instanceof JobStarted e) {
            state = "RUNNING";
            attempts.put(number, started(before, e));
        } else if (event instanceof StepStarted e) {
            attempts.put(number, with(before, before.runner(), begun(before.steps(), e)));
        } else if (event instanceof StepFinished e) {
            attempts.put(number, with(before, before.runner(), ended(before.steps(), e)));
        } else if (event instanceof JobFinished e) {
            state = e.outcome().name();
            reason = e.reason();
            url = e.leaves().flatMap(leaves -> url(leaves.outputs()));
            attempts.put(number, finished(before, e));
        } else if (event instanceof JobRetrying) {
            state = "PAUSED";
        } else if (event instanceof JobLost e) {
            reason = Optional.of(e.reason());
            attempts.put(number, lost(before, envelope, e));
        }
    }

    private static Optional<String> url(List<Output> outputs) {
        return outputs.stream()
                .filter(output -> output.name().equals(Deploy.URL))
                .findFirst()
                .flatMap(Output::text);
    }

    private static AttemptView queued(AttemptView a, Envelope envelope) {
        return new AttemptView(
                a.number(),
                a.runner(),
                Optional.of(envelope.time()),
                a.startedAt(),
                a.finishedAt(),
                a.outcome(),
                a.reason(),
                a.tests(),
                a.lines(),
                a.steps());
    }

    private static AttemptView with(AttemptView a, Optional<String> runner, List<StepView> steps) {
        return new AttemptView(
                a.number(),
                runner,
                a.queuedAt(),
                a.startedAt(),
                a.finishedAt(),
                a.outcome(),
                a.reason(),
                a.tests(),
                a.lines(),
                steps);
    }

    private static AttemptView started(AttemptView a, JobStarted e) {
        return new AttemptView(
                a.number(),
                Optional.of(e.runner()),
                a.queuedAt(),
                Optional.of(e.startedAt()),
                a.finishedAt(),
                a.outcome(),
                a.reason(),
                a.tests(),
                a.lines(),
                a.steps());
    }

    private static AttemptView finished(AttemptView a, JobFinished e) {
        return new AttemptView(
                a.number(),
                Optional.of(e.runner()),
                a.queuedAt(),
                a.startedAt(),
                Optional.of(e.finishedAt()),
                Optional.of(e.outcome()),
                e.reason(),
                e.tests(),
                e.lines(),
                a.steps());
    }

    private static AttemptView lost(AttemptView a, Envelope envelope, JobLost e) {
        return new AttemptView(
                a.number(),
                Optional.of(e.runner()),
                a.queuedAt(),
                a.startedAt(),
                Optional.of(envelope.time()),
                Optional.of(Outcome.ERRORED),
                Optional.of(e.reason()),
                a.tests(),
                a.lines(),
                a.steps());
    }

    private static List<StepView> begun(List<StepView> steps, StepStarted e) {
        List<StepView> more = new ArrayList<>(steps);
        more.add(new StepView(
                e.step(), e.name(), e.startedAt(), Optional.empty(), Optional.empty(), Optional.empty(), 0));
        return more;
    }

    private static List<StepView> ended(List<StepView> steps, StepFinished e) {
        return steps.stream()
                .map(step -> step.step() != e.step()
                        ? step
                        : new StepView(
                                step.step(),
                                step.name(),
                                step.startedAt(),
                                Optional.of(e.finishedAt()),
                                Optional.of(e.outcome()),
                                Optional.of(e.exitCode()),
                                e.lines()))
                .toList();
    }
}

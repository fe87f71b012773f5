package dev.flujo.pipeline.api;

import dev.flujo.core.lock.Circle;
import dev.flujo.core.run.JobState;
import dev.flujo.core.run.Run;
import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Job;
import dev.flujo.pipeline.store.RunRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what runs and jobs wait for, by their logs and by what the queues look like. */
@ApplicationScoped
public class Waits {

    private final RunLog log;
    private final QueueSentences queues;
    private final JobDurations durations;
    private final Clock clock;

    Waits(RunLog log, QueueSentences queues, JobDurations durations, Clock clock) {
        this.log = log;
        this.queues = queues;
        this.durations = durations;
        this.clock = clock;
    }

    /** What the run waits for as a whole, or else each of its jobs that waits, in their order. */
    List<WaitView> of(RunRow row) {
        return switch (row.state()) {
            case REFUSED, SKIPPED, SUCCEEDED, CANCELLED -> List.of();
            case FAILED, ERRORED -> gaveWay(log.of(row.run()));
            case ACCEPTED -> List.of(whole(row, "orchestrator", "the orchestrator has not taken it up yet"));
            case QUARANTINED ->
                List.of(whole(
                        row,
                        "person",
                        "a person must look at it: " + row.reason().orElse("")));
            case HELD -> List.of(whole(row, "approval", row.reason().orElse("somebody must approve its commit")));
            case QUEUED, RUNNING, CANCELLING -> ofLog(row);
        };
    }

    private List<WaitView> ofLog(RunRow row) {
        List<Envelope> history = log.of(row.run());
        Optional<Run> run = RunLog.run(history).filter(known -> !known.ended());
        List<WaitView> waits =
                new ArrayList<>(run.map(known -> of(known, new Marks(history))).orElse(List.of()));
        waits.addAll(gaveWay(history));
        return waits;
    }

    /** The jobs that wait no more, since it would have been for ever. */
    static List<WaitView> gaveWay(List<Envelope> history) {
        return history.stream()
                .map(Envelope::event)
                .filter(event -> event instanceof JobFinished finished
                        && Circle.REASON.equals(finished.failure().orElse("")))
                .map(JobFinished.class::cast)
                .map(finished -> WaitView.of(
                                Optional.of(finished.attempt().job()),
                                Circle.REASON,
                                finished.reason().orElse(""))
                        .seenAt("/api/v1/runs/" + finished.attempt().run() + "/jobs/"
                                + finished.attempt().job()))
                .toList();
    }

    private List<WaitView> of(Run run, Marks marks) {
        if (run.awaitsTurn() && !run.cancelling()) {
            String lock = run.turn().map(Run.Turn::lock).orElse("");
            Claim claim = Claim.of(run.id());
            return List.of(queues.ofLock(Optional.empty(), run.project(), lock, claim, marks.since(claim)));
        }
        List<WaitView> waits = new ArrayList<>();
        for (Job job : run.plan().jobs()) {
            of(run, job, marks).ifPresent(waits::add);
        }
        return expected(run, marks, waits);
    }

    /** With the instants at which jobs are likely to start that wait for others of the run, or for a lock. */
    private List<WaitView> expected(Run run, Marks marks, List<WaitView> waits) {
        if (waits.isEmpty()) {
            return waits;
        }
        ExpectedStarts starts =
                new ExpectedStarts(run, marks, durations.of(run.project(), run.pipeline()), clock.instant());
        List<WaitView> known = waits.stream().map(wait -> ofLock(wait, starts)).toList();
        known.forEach(wait ->
                wait.expected().ifPresent(start -> starts.starts(wait.job().orElseThrow(), start)));
        return known.stream().map(wait -> ofNeed(run, wait, starts)).toList();
    }

    private static WaitView ofLock(WaitView wait, ExpectedStarts starts) {
        return wait.reason().equals("lock")
                ? wait.expected(wait.place()
                        .flatMap(place -> starts.after(place, wait.job().orElseThrow()))
                        .map(Waits::toSecond))
                : wait;
    }

    private static WaitView ofNeed(Run run, WaitView wait, ExpectedStarts starts) {
        return wait.reason().equals("need")
                ? wait.expected(run.plan()
                        .job(wait.job().orElseThrow())
                        .flatMap(starts::start)
                        .map(Waits::toSecond))
                : wait;
    }

    private static Instant toSecond(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    private Optional<WaitView> of(Run run, Job job, Marks marks) {
        JobState state = run.job(job.id());
        Attempt attempt = run.attempt(job.id());
        Optional<Instant> since = marks.since(job.id());
        return switch (state.phase()) {
            case WAITING -> waiting(run, job);
            case APPROVING -> Optional.of(approving(run, job, state, marks));
            case PAUSED -> retrying(run, job, marks);
            case LOCKING ->
                Optional.of(queues.ofLock(
                        Optional.of(job.id()), run.project(), marks.lock(job.id()), Claim.of(attempt), since));
            case QUEUED -> Optional.of(queues.ofPool(run.project(), job, attempt, since));
            case ASSIGNED ->
                Optional.of(view(
                        job,
                        "runner",
                        "runner " + state.runner().orElse("") + " has it and has not begun yet",
                        path(run, job.id()),
                        since,
                        Optional.empty()));
            case RUNNING, STOPPING, ENDED -> Optional.empty();
        };
    }

    /** A job that could begin and does not is one of more cells than may go on at once. */
    private static Optional<WaitView> waiting(Run run, Job job) {
        List<String> open = run.open(job);
        if (open.isEmpty()) {
            return job.cell()
                    .map(cell -> view(
                            job,
                            "matrix",
                            "as many cells of its matrix go on as may at once: " + cell.maxParallel(),
                            "/api/v1/runs/" + run.id() + "/jobs",
                            Optional.empty(),
                            Optional.empty()));
        }
        String first = open.get(0);
        String more = open.size() == 1 ? "" : ", and for " + (open.size() - 1) + " more";
        return Optional.of(view(
                job,
                "need",
                "it waits for job '" + first + "', which is " + run.job(first).phase() + more,
                path(run, first),
                Optional.empty(),
                Optional.empty()));
    }

    private static WaitView approving(Run run, Job job, JobState state, Marks marks) {
        Approval wanted = job.gate().approval().orElseThrow();
        int missing = wanted.count() - state.approvals().size();
        String from = wanted.from().isEmpty() ? "" : " from " + String.join(", ", wanted.from());
        return view(
                job,
                state.outdatedBy().isPresent() ? "outdated" : "approval",
                "it waits for " + missing + (missing == 1 ? " approval" : " approvals") + from
                        + state.outdatedBy()
                                .map(by -> "; run " + by + " has left something newer in its environment since")
                                .orElse(""),
                path(run, job.id()) + "/approve",
                marks.since(job.id()),
                marks.approvalUntil(job.id()));
    }

    private static Optional<WaitView> retrying(Run run, Job job, Marks marks) {
        return marks.retry(job.id())
                .map(retry -> view(
                        job,
                        "retry",
                        "its attempt " + retry.attempt().number() + " ended with " + retry.reason()
                                + ", and the next one follows at " + retry.notBefore(),
                        path(run, job.id()),
                        marks.since(job.id()),
                        Optional.of(retry.notBefore())));
    }

    private static WaitView view(
            Job job, String reason, String why, String link, Optional<Instant> since, Optional<Instant> until) {
        return WaitView.of(Optional.of(job.id()), reason, why)
                .seenAt(link)
                .since(since)
                .until(until);
    }

    private static WaitView whole(RunRow row, String reason, String why) {
        String path = "/api/v1/runs/" + row.run() + (reason.equals("approval") ? "/approval" : "");
        return WaitView.of(Optional.empty(), reason, why)
                .seenAt(path)
                .since(row.times().queuedAt());
    }

    private static String path(Run run, String job) {
        return "/api/v1/runs/" + run.id() + "/jobs/" + job;
    }
}

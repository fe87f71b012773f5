package dev.flujo.pipeline.api;

import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.QueueEvent.PoolReport;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.plan.Job;
import dev.flujo.pipeline.messaging.Queues;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of a claim or an attempt who is before it in its queue. */
@ApplicationScoped
public class QueueSentences {

    private final Queues queues;
    private final Runs runs;
    private final Clock clock;

    QueueSentences(Queues queues, Runs runs, Clock clock) {
        this.queues = queues;
        this.runs = runs;
        this.clock = clock;
    }

    /** Where nobody waits, as far as has been told, its turn has just come or its wish is a second old. */
    WaitView ofPool(String project, Job job, Attempt attempt, Optional<Instant> since) {
        Optional<QueueReported> queue = queues.find(QueueEvent.ofPool(job.pool()));
        Optional<PoolReport> pool = queue.flatMap(QueueReported::pool);
        boolean atLimit =
                pool.filter(report -> report.atLimit().contains(project)).isPresent();
        Optional<String> nobody = pool.flatMap(report -> nobody(job, report));
        String reason = nobody.isPresent() ? "runner" : atLimit ? "limit" : "slot";
        String why = nobody.orElseGet(() -> atLimit
                ? "its project has as many slots of pool '" + job.pool() + "' as it may: "
                        + pool.orElseThrow().limits().of(project)
                : "it waits for a slot in pool '" + job.pool() + "'"
                        + pool.map(report -> ": its " + report.runners()
                                        + (report.runners() == 1 ? " runner has " : " runners have ") + report.slots())
                                .orElse(""));
        WaitView view = queued(Optional.of(job.id()), reason, why, queue, Claim.of(attempt), since)
                .seenAt("/api/v1/pools/" + job.pool());
        return reason.equals("slot") ? view.expected(pool.flatMap(report -> start(report, view.place()))) : view;
    }

    /** Why no runner will take the job, however long it waits. */
    private static Optional<String> nobody(Job job, PoolReport pool) {
        String name = "pool '" + job.pool() + "'";
        List<String> wanted = job.placement().labels();
        if (pool.runners() == 0) {
            return Optional.of("it waits for a runner: " + name + " has none");
        }
        if (pool.labels().stream().anyMatch(labels -> labels.containsAll(wanted))) {
            return Optional.empty();
        }
        return Optional.of("it waits for a runner with the labels " + String.join(", ", wanted) + ": none of the "
                + pool.runners() + " in " + name + " has them all; there are "
                + pool.labels().stream()
                        .map(labels -> "(" + String.join(", ", labels) + ")")
                        .collect(Collectors.joining(" and ")));
    }

    /** Slots become free one after the other, each after as long as attempts had theirs of late. */
    private Optional<Instant> start(PoolReport pool, Optional<Integer> place) {
        return pool.held()
                .filter(held -> pool.slots() > 0)
                .flatMap(held -> place.map(
                        number -> clock.instant().plus(held.multipliedBy(number).dividedBy(pool.slots()))))
                .map(instant -> instant.truncatedTo(ChronoUnit.SECONDS));
    }

    WaitView ofLock(Optional<String> job, String project, String lock, Claim claim, Optional<Instant> since) {
        Optional<QueueReported> queue = queues.find(QueueEvent.ofLock(project, lock));
        int colon = lock.indexOf(':');
        String kind = lock.startsWith("group:") ? "concurrency group" : "environment";
        String held = queue.flatMap(report -> report.holders().stream().findFirst())
                .map(this::heldBy)
                .orElse("");
        String why = "it waits for " + kind + " '" + lock.substring(colon + 1) + "'" + held;
        return queued(job, "lock", why, queue, claim, since);
    }

    private static WaitView queued(
            Optional<String> job,
            String reason,
            String why,
            Optional<QueueReported> queue,
            Claim claim,
            Optional<Instant> since) {
        int index = queue.map(report -> report.waiting().indexOf(claim)).orElse(-1);
        Optional<String> holder =
                queue.flatMap(report -> report.holders().stream().findFirst()).map(QueueSentences::path);
        String number = index < 0
                ? ""
                : "; it is number " + (index + 1) + " of " + queue.orElseThrow().length() + " in the queue";
        WaitView view = WaitView.of(job, reason, why + number)
                .since(since)
                .at(index < 0 ? Optional.empty() : Optional.of(index + 1));
        return holder.map(view::seenAt).orElse(view);
    }

    private String heldBy(Claim holder) {
        String job = holder.attempt()
                .map(attempt -> "job '" + attempt.job() + "' of ")
                .orElse("");
        String of = runs.find(holder.run())
                .map(run -> " of pipeline '" + run.pipeline() + "', started by "
                        + run.cause().by())
                .orElse("");
        return ", held by " + job + "run " + holder.run() + of;
    }

    private static String path(Claim claim) {
        return "/api/v1/runs/" + claim.run()
                + claim.attempt().map(attempt -> "/jobs/" + attempt.job()).orElse("");
    }
}

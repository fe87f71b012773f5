package dev.flujo.pipeline.api;

import dev.flujo.event.Attempt;
import dev.flujo.event.Claim;
import dev.flujo.event.QueueEvent;
import dev.flujo.event.QueueEvent.QueueReported;
import dev.flujo.event.plan.Job;
import dev.flujo.pipeline.messaging.Queues;
import dev.flujo.pipeline.store.Runs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/** Says of a claim or an attempt who is before it in its queue. */
@ApplicationScoped
public class QueueSentences {

    private final Queues queues;
    private final Runs runs;

    QueueSentences(Queues queues, Runs runs) {
        this.queues = queues;
        this.runs = runs;
    }

    /** Where nobody waits, as far as has been told, its turn has just come or its wish is a second old. */
    WaitView ofPool(Job job, Attempt attempt, Optional<Instant> since) {
        Optional<QueueReported> queue = queues.find(QueueEvent.ofPool(job.pool()));
        boolean nobody = queue.filter(report -> report.runners() == 0).isPresent();
        String pool = "pool '" + job.pool() + "'";
        String why = nobody
                ? "it waits for a runner: " + pool + " has none"
                : "it waits for a slot in " + pool
                        + queue.map(report -> ": its " + report.runners()
                                        + (report.runners() == 1 ? " runner has " : " runners have ") + report.slots())
                                .orElse("");
        return queued(Optional.of(job.id()), nobody ? "runner" : "slot", why, queue, Claim.of(attempt), since);
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
        return new WaitView(job, reason, why + number, holder, Optional.empty(), since, Optional.empty())
                .at(index < 0 ? Optional.empty() : Optional.of(index + 1));
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

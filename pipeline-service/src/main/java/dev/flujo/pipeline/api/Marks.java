package dev.flujo.pipeline.api;

import dev.flujo.event.Claim;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent;
import dev.flujo.event.JobEvent.ApprovalRequested;
import dev.flujo.event.JobEvent.JobRetrying;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.LockEvent.LockRequested;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When the jobs of a run began to wait, and for what, as its log says it. */
final class Marks {

    private final Map<String, Instant> sinceOfJob = new HashMap<>();
    private final Map<Claim, Instant> sinceOfClaim = new HashMap<>();
    private final Map<String, Instant> starts = new HashMap<>();
    private final Map<String, String> locks = new HashMap<>();
    private final Map<String, JobRetrying> retries = new HashMap<>();
    private final Map<String, Instant> approvals = new HashMap<>();

    Marks(List<Envelope> log) {
        log.forEach(this::hear);
    }

    private void hear(Envelope envelope) {
        if (envelope.event() instanceof JobEvent event) {
            sinceOfJob.put(event.attempt().job(), envelope.time());
            if (event instanceof JobStarted started) {
                starts.put(started.attempt().job(), started.startedAt());
            } else if (event instanceof JobRetrying retry) {
                retries.put(event.attempt().job(), retry);
            } else if (event instanceof ApprovalRequested asked) {
                approvals.put(event.attempt().job(), asked.until());
            }
        } else if (envelope.event() instanceof LockRequested request) {
            sinceOfClaim.put(request.claim(), envelope.time());
            request.attempt().ifPresent(attempt -> {
                sinceOfJob.put(attempt.job(), envelope.time());
                locks.put(attempt.job(), request.lock());
            });
        }
    }

    /** Since when the job has been as it is. */
    Optional<Instant> since(String job) {
        return Optional.ofNullable(sinceOfJob.get(job));
    }

    /** When the newest attempt of the job began. */
    Optional<Instant> started(String job) {
        return Optional.ofNullable(starts.get(job));
    }

    /** Since when the claim has wanted its lock. */
    Optional<Instant> since(Claim claim) {
        return Optional.ofNullable(sinceOfClaim.get(claim));
    }

    /** The lock that the job has asked for last. */
    String lock(String job) {
        return locks.getOrDefault(job, "");
    }

    Optional<JobRetrying> retry(String job) {
        return Optional.ofNullable(retries.get(job));
    }

    Optional<Instant> approvalUntil(String job) {
        return Optional.ofNullable(approvals.get(job));
    }
}

package dev.flujo.core;

import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Approval;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Deploy;
import dev.flujo.event.plan.Gate;
import dev.flujo.event.plan.HealthCheck;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Placement;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Plans for tests. */
public final class Plans {

    public static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private Plans() {}

    public static Plan plan(Job... jobs) {
        return new Plan("main", new Triggers(Optional.empty(), true), Map.of(), List.of(jobs));
    }

    public static Job job(String id, String... needs) {
        return new Job(
                id,
                List.of(needs),
                Map.of(),
                List.of(new Step("work", "true", Map.of())),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.empty());
    }

    public static Job deploy(String id, String environment, String from) {
        return new Job(
                id,
                List.of(from),
                Map.of(),
                List.of(),
                Duration.ofHours(1),
                List.of(),
                List.of(),
                Optional.of(new Deploy(environment, from, "run", new HealthCheck("/health", Duration.ofSeconds(30)))));
    }

    /** A job that runs in this place. */
    public static Job placed(String id, Placement placement) {
        return with(job(id), Gate.OPEN, placement);
    }

    /** The job, once people have consented to it. */
    public static Job approved(Job job, Approval approval) {
        return gated(job, new Gate(Condition.NONE, Optional.empty(), Optional.of(approval), Optional.empty()));
    }

    /** The job with this gate. */
    public static Job gated(Job job, Gate gate) {
        return with(job, gate, job.placement());
    }

    private static Job with(Job job, Gate gate, Placement placement) {
        return new Job(
                job.id(),
                job.needs(),
                job.env(),
                job.steps(),
                job.timeout(),
                job.artifacts(),
                job.junit(),
                job.deploy(),
                job.name(),
                gate,
                placement,
                job.tolerance(),
                job.supplies(),
                job.results(),
                job.matrix(),
                job.cell(),
                job.bindings());
    }

    public static RunQueued queued(UUID run, Plan plan) {
        return queued("shop", run, plan);
    }

    public static RunQueued queued(String project, UUID run, Plan plan) {
        return new RunQueued(
                project,
                run,
                "main",
                "0123456789ab",
                new Cause(Cause.Kind.MANUAL, "ana", "request", NOW),
                new Revision(
                        Optional.empty(),
                        "main",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                plan);
    }
}

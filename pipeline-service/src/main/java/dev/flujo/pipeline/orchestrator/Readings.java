package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.RunCommand;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Definitions;
import dev.flujo.event.DerivedId;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets a runner read what a repository defines at a commit: by a run like any other, so that it has a lease, is tried again
 * when its runner dies, can be cancelled, and has a history.
 */
final class Readings {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final Plan PLAN = plan();

    private final ProjectStores stores;
    private final Judgement judgement;

    Readings(ProjectStores stores, Judgement judgement) {
        this.stores = stores;
        this.judgement = judgement;
    }

    static UUID id(Happened happened) {
        return DerivedId.run(
                happened.project(), Definitions.PIPELINE, happened.cause().id());
    }

    /** Begins to read, unless the same event has begun that before. */
    boolean begin(SourceDeclared source, Revision where, Happened happened, Optional<StartRun> start) {
        UUID run = id(happened);
        if (judgement.knows(run)) {
            return false;
        }
        Revision at = new Revision(
                source.repository(),
                where.branch(),
                where.commit(),
                where.message(),
                where.author(),
                where.committedAt());
        stores.putReading(run, new Reading(source, at, happened, start));
        String version = DerivedId.version(source.repository().orElse(""), Definitions.PIPELINE);
        RunQueued queued =
                new RunQueued(happened.project(), run, Definitions.PIPELINE, version, happened.cause(), at, PLAN);
        String planKey = happened.project() + "/" + Definitions.PIPELINE;
        judgement.begin(new RunCommand.Begin(queued), planKey, happened.chainId(), happened.depth());
        return true;
    }

    private static Plan plan() {
        Job job = new Job(
                Definitions.JOB, List.of(), Map.of(), List.of(), TIMEOUT, List.of(), List.of(), Optional.empty());
        return new Plan(Definitions.PIPELINE, new Triggers(Optional.empty(), false), Map.of(), List.of(job));
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.event.AnalysisEvent;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.Definitions;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.SignalEvent.RepositorySeen;
import dev.flujo.event.SignalEvent.UpstreamFinished;
import dev.flujo.event.Topic;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Begins the runs that events start; the same event twice begins them once. */
final class Starts {

    private final ProjectStores stores;
    private final Judgement judgement;
    private final Beginnings beginnings;
    private final Readings readings;
    private final Found found;
    private final OrchestratorMeters meters;
    private final Instant now;

    Starts(ProjectStores stores, OrchestratorMeters meters, Judgement judgement, Instant now) {
        this.stores = stores;
        this.judgement = judgement;
        this.beginnings = new Beginnings(stores, meters, judgement, now);
        this.readings = new Readings(stores, judgement, beginnings, now);
        this.found = new Found(stores);
        this.meters = meters;
        this.now = now;
    }

    /** A runner has read what the repository defines. */
    void read(DefinitionsRead report) {
        readings.read(report);
    }

    /** A push was delivered; where it was found before, its runs have begun. */
    void pushed(Envelope envelope, CommitPushed push) {
        if (found.before(envelope.id(), push)) {
            putHead(push);
            meters.runs("found-before");
        } else {
            pushed(envelope.id(), envelope.chainId(), push);
        }
    }

    /** A forge was asked what there is. */
    void seen(RepositorySeen seen) {
        for (CommitPushed push : found.pushes(seen)) {
            UUID id = DerivedId.of("found", push.project(), push.branch(), push.commit());
            pushed(id.toString(), id, push);
        }
        for (PullRequestChanged request : found.requests(seen)) {
            String number = Long.toString(request.number());
            UUID id = DerivedId.of("found", request.project(), number, request.commit(), "request");
            requested(id.toString(), id, request);
        }
        stores.putAsked(seen.project(), seen.askedAt());
    }

    private void putHead(CommitPushed push) {
        stores.putHead(
                push.project(),
                push.branch(),
                new Head(
                        push.commit(),
                        push.message(),
                        push.author(),
                        push.committedAt(),
                        Optional.of(push.receivedAt())));
    }

    private void pushed(String causeId, UUID chainId, CommitPushed push) {
        putHead(push);
        Revision revision = new Revision(
                Optional.empty(),
                push.branch(),
                Optional.of(push.commit()),
                push.message(),
                push.author(),
                push.committedAt());
        Cause cause = new Cause(Cause.Kind.PUSH, push.by(), causeId, push.receivedAt());
        fire(Happened.to(push.project(), TriggerEvents.of(push), cause, revision, chainId));
    }

    void tagged(Envelope envelope, TagPushed tag) {
        Revision revision = new Revision(
                Optional.empty(), tag.tag(), Optional.of(tag.commit()), tag.message(), tag.author(), Optional.empty());
        Cause cause = new Cause(Cause.Kind.TAG, tag.by(), envelope.id(), tag.receivedAt());
        fire(Happened.to(tag.project(), TriggerEvents.of(tag), cause, revision, envelope.chainId()));
    }

    /** Something was delivered of a pull request; where it was found before, its runs have begun. */
    void requested(Envelope envelope, PullRequestChanged request) {
        if (found.before(envelope.id(), request)) {
            putSeen(request);
            meters.runs("found-before");
        } else {
            requested(envelope.id(), envelope.chainId(), request);
        }
    }

    private void putSeen(PullRequestChanged request) {
        stores.putSeenRequest(
                request.project(), request.number(), new SeenCommit(request.commit(), request.receivedAt()));
    }

    /** What comes from another repository does what the branch says that it is for, once somebody has let it. */
    private void requested(String causeId, UUID chainId, PullRequestChanged request) {
        putSeen(request);
        dropHeld(request);
        Revision revision = new Revision(
                Optional.empty(),
                request.branch(),
                Optional.of(request.commit()),
                Optional.of(request.title()),
                Optional.of(request.author()),
                Optional.empty());
        Cause cause = new Cause(Cause.Kind.PULL_REQUEST, request.by(), causeId, request.receivedAt());
        TriggerEvent trigger = TriggerEvents.of(request);
        if (!request.fork()) {
            fire(Happened.to(request.project(), trigger, cause, revision, chainId));
            return;
        }
        stores.putRequest(request.project(), request.number(), request.commit());
        Optional<String> base = request.baseCommit()
                .or(() -> stores.head(request.project(), request.base()).map(Head::commit));
        Revision definedAt = new Revision(
                Optional.empty(), request.base(), base, Optional.empty(), Optional.empty(), Optional.empty());
        fire(Happened.toFork(request.project(), trigger, cause, revision, definedAt, request.number(), chainId));
    }

    /** Runs of a pull request that nobody has approved mean nothing once it has another commit, or is closed. */
    private void dropHeld(PullRequestChanged request) {
        boolean closed = request.action().equals("closed");
        for (HeldRun held : stores.runs().held(request.project())) {
            boolean over = closed || !held.commit().equals(request.commit());
            if (held.request() == request.number()
                    && over
                    && judgement.run(held.run()).filter(Run::held).isPresent()) {
                String reason = "pull request #" + request.number()
                        + (closed ? " was closed" : " has a newer commit: " + request.commit());
                judgement.tell(held.run(), new RunCommand.Cancel("flujo", reason));
            }
        }
    }

    /**
     * A run has ended: others may wait for that, also in projects that have said so. What strangers' commits did starts
     * nothing, since it would be trusted.
     */
    void finished(RunRow row) {
        Run run = row.run();
        if (run.pipeline().equals(Definitions.PIPELINE)) {
            readings.ended(row);
            return;
        }
        if (run.pipeline().equals(AnalysisEvent.PIPELINE)) {
            new Analyses(stores, judgement, now).answered(row);
            return;
        }
        if (run.trust() != Run.Trust.TRUSTED) {
            return;
        }
        finished(row.chainId(), ended(run.project(), row));
        for (String watcher : stores.watchers(run.project(), run.pipeline())) {
            judgement.send(
                    Topic.COMMANDS,
                    DerivedId.of("upstream", run.id().toString(), watcher).toString(),
                    row.chainId(),
                    ended(watcher, row));
        }
    }

    private static UpstreamFinished ended(String project, RunRow row) {
        Run run = row.run();
        return new UpstreamFinished(
                project,
                run.project(),
                run.pipeline(),
                run.id(),
                run.outcome().orElseThrow(),
                run.revision(),
                run.cause().by(),
                row.depth(),
                Optional.of(run.cause().age()));
    }

    /** A run has ended that this project may wait for. */
    void finished(UUID chainId, UpstreamFinished upstream) {
        Cause cause =
                new Cause(Cause.Kind.UPSTREAM, upstream.by(), upstream.run().toString(), now);
        TriggerEvent trigger = TriggerEvents.finished(
                upstream.upstream(), upstream.pipeline(), upstream.run(), upstream.outcome(), upstream.revision());
        boolean own = upstream.upstream().equals(upstream.project());
        Optional<Revision> revision = own ? Optional.of(upstream.revision()) : Optional.empty();
        Cause aged = own ? upstream.age().map(cause::since).orElse(cause) : cause;
        fire(Happened.of(upstream.project(), trigger, aged, revision, chainId, upstream.depth() + 1));
    }

    /** A record has come that pipelines of the project wait for. */
    void received(Envelope envelope, RecordReceived record) {
        Cause cause = new Cause(Cause.Kind.KAFKA, record.topic(), record.subject(), record.receivedAt());
        fire(Happened.of(record.project(), TriggerEvents.of(record), cause, Optional.empty(), envelope.chainId(), 0));
    }

    /** A deployment has ended. */
    void deployed(Envelope envelope, DeployEvent event) {
        TriggerEvents.of(event).ifPresent(trigger -> {
            RunRow by = stores.runs().run(Run.deployAttempt(event).run()).orElse(null);
            if (by != null && by.run().trust() == Run.Trust.TRUSTED) {
                Cause cause = new Cause(Cause.Kind.DEPLOYMENT, trigger.text(EventField.BY), envelope.id(), now)
                        .since(by.run().cause().age());
                fire(Happened.of(
                        event.project(),
                        trigger,
                        cause,
                        Optional.of(by.run().revision()),
                        envelope.chainId(),
                        by.depth() + 1));
            }
        });
    }

    /** A time of a schedule has come. */
    void due(Schedules.Due due) {
        Cause cause = new Cause(Cause.Kind.SCHEDULE, "schedule", due.id(), now);
        Happened happened = Happened.of(
                due.definition().defined().project(),
                TriggerEvents.due(due.schedule()),
                cause,
                Optional.empty(),
                DerivedId.of("schedule", due.id()),
                0);
        beginnings.fire(happened, due.definition());
    }

    /** Somebody wants a run of this pipeline. */
    void asked(Envelope envelope, StartRun start) {
        Cause.Kind kind = start.payload().isPresent() ? Cause.Kind.API : Cause.Kind.MANUAL;
        Cause cause = new Cause(kind, start.by(), start.requestId(), start.receivedAt());
        Happened happened =
                Happened.of(start.project(), TriggerEvents.of(start), cause, Optional.empty(), envelope.chainId(), 0);
        Optional<SourceDeclared> source = stores.source(start.project());
        if (source.isPresent()) {
            Optional<Revision> at =
                    beginnings.revision(start.project(), source.get().repository(), start.branch(), start.commit());
            if (at.isPresent()) {
                readings.begin(source.get(), at.get(), happened, Optional.of(start));
            } else {
                beginnings.refuseCommit(happened, start);
            }
            return;
        }
        Optional<Definition> definition = stores.definition(start.project(), start.pipeline());
        if (definition.flatMap(Definition::plan).isEmpty()) {
            beginnings.refuse(
                    happened,
                    start,
                    "pipeline-unknown",
                    "Expected a pipeline that has been submitted, but project " + start.project() + " has no '"
                            + start.pipeline() + "'");
            return;
        }
        beginnings.asked(
                happened,
                start,
                definition.get(),
                beginnings.revision(definition.get(), start.branch(), start.commit()));
    }

    /** Somebody wants a run again. */
    void again(Envelope envelope, RerunRun rerun) {
        beginnings.again(rerun, envelope.chainId());
    }

    private void fire(Happened happened) {
        Optional<SourceDeclared> source = stores.source(happened.project());
        if (source.isPresent() && happened.definedAt().isPresent()) {
            readings.begin(source.get(), happened, happened.definedAt().get());
            return;
        }
        for (Definition definition : stores.definitions(happened.project())) {
            beginnings.fire(happened, definition);
        }
    }
}

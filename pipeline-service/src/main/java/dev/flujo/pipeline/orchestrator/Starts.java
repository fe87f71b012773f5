package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.run.Run;
import dev.flujo.core.run.RunCommand;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerEvents;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.CommitEvent.CommitPushed;
import dev.flujo.event.CommitEvent.PullRequestChanged;
import dev.flujo.event.CommitEvent.TagPushed;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.SignalEvent.UpstreamFinished;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers.Schedule;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Begins the runs that events start; the same event twice begins them once. */
final class Starts {

    /** A run may be started by the end of a run, and so on; where it never ends, it ends here. */
    private static final int MOST_DEPTH = 10;

    private final ProjectStores stores;
    private final OrchestratorMeters meters;
    private final Judgement judgement;
    private final Instant now;

    /** What happened, where, and what every run that it begins says of it. */
    private record Happened(
            String project, TriggerEvent trigger, Cause cause, Optional<Revision> revision, UUID chainId, int depth) {}

    /** A run that does not begin. */
    private record Refused(String project, UUID run, String pipeline, UUID chainId) {

        static Refused of(Envelope envelope, StartRun start) {
            return new Refused(start.project(), start.run(), start.pipeline(), envelope.chainId());
        }
    }

    Starts(ProjectStores stores, OrchestratorMeters meters, Judgement judgement, Instant now) {
        this.stores = stores;
        this.meters = meters;
        this.judgement = judgement;
        this.now = now;
    }

    void pushed(Envelope envelope, CommitPushed push) {
        stores.putHead(
                push.project(),
                push.branch(),
                new Head(push.commit(), push.message(), push.author(), push.committedAt()));
        Revision revision = new Revision(
                Optional.empty(),
                push.branch(),
                Optional.of(push.commit()),
                push.message(),
                push.author(),
                push.committedAt());
        Cause cause = new Cause(Cause.Kind.PUSH, push.by(), envelope.id(), push.receivedAt());
        fire(new Happened(push.project(), TriggerEvents.of(push), cause, Optional.of(revision), envelope.chainId(), 0));
    }

    void tagged(Envelope envelope, TagPushed tag) {
        Revision revision = new Revision(
                Optional.empty(), tag.tag(), Optional.of(tag.commit()), tag.message(), tag.author(), Optional.empty());
        Cause cause = new Cause(Cause.Kind.TAG, tag.by(), envelope.id(), tag.receivedAt());
        fire(new Happened(tag.project(), TriggerEvents.of(tag), cause, Optional.of(revision), envelope.chainId(), 0));
    }

    /** What comes from another repository starts nothing by itself. */
    void requested(Envelope envelope, PullRequestChanged request) {
        if (request.fork()) {
            meters.runs("withheld");
            return;
        }
        Revision revision = new Revision(
                Optional.empty(),
                request.branch(),
                Optional.of(request.commit()),
                Optional.of(request.title()),
                Optional.of(request.author()),
                Optional.empty());
        Cause cause = new Cause(Cause.Kind.PULL_REQUEST, request.by(), envelope.id(), request.receivedAt());
        fire(new Happened(
                request.project(), TriggerEvents.of(request), cause, Optional.of(revision), envelope.chainId(), 0));
    }

    /** A run has ended: others may wait for that, also in projects that have said so. */
    void finished(RunRow row) {
        Run run = row.run();
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
                row.depth());
    }

    /** A run has ended that this project may wait for. */
    void finished(UUID chainId, UpstreamFinished upstream) {
        Cause cause =
                new Cause(Cause.Kind.UPSTREAM, upstream.by(), upstream.run().toString(), now);
        TriggerEvent trigger = TriggerEvents.finished(
                upstream.upstream(), upstream.pipeline(), upstream.run(), upstream.outcome(), upstream.revision());
        Optional<Revision> revision =
                upstream.upstream().equals(upstream.project()) ? Optional.of(upstream.revision()) : Optional.empty();
        fire(new Happened(upstream.project(), trigger, cause, revision, chainId, upstream.depth() + 1));
    }

    /** A record has come that pipelines of the project wait for. */
    void received(Envelope envelope, RecordReceived record) {
        Cause cause = new Cause(Cause.Kind.KAFKA, record.topic(), record.subject(), record.receivedAt());
        fire(new Happened(record.project(), TriggerEvents.of(record), cause, Optional.empty(), envelope.chainId(), 0));
    }

    /** A deployment has ended. */
    void deployed(Envelope envelope, DeployEvent event) {
        TriggerEvents.of(event).ifPresent(trigger -> {
            RunRow by = stores.run(Run.deployAttempt(event).run()).orElse(null);
            if (by != null) {
                Cause cause = new Cause(Cause.Kind.DEPLOYMENT, trigger.text(EventField.BY), envelope.id(), now);
                fire(new Happened(
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
    void due(Definition definition, Schedule schedule, Instant time) {
        PipelineDefined defined = definition.defined();
        String id = defined.subject() + "/" + schedule.cron() + "/" + time;
        Cause cause = new Cause(Cause.Kind.SCHEDULE, "schedule", id, now);
        Happened happened = new Happened(
                defined.project(),
                TriggerEvents.due(schedule.cron(), schedule.branch()),
                cause,
                Optional.empty(),
                DerivedId.of("schedule", id),
                0);
        fire(happened, definition);
    }

    /** Somebody wants a run of this pipeline. */
    void asked(Envelope envelope, StartRun start) {
        Cause.Kind kind = start.payload().isPresent() ? Cause.Kind.API : Cause.Kind.MANUAL;
        Cause cause = new Cause(kind, start.by(), start.requestId(), start.receivedAt());
        Optional<Definition> definition = stores.definition(start.project(), start.pipeline());
        if (definition.flatMap(Definition::plan).isEmpty()) {
            refuse(
                    Refused.of(envelope, start),
                    cause,
                    "pipeline-unknown",
                    "Expected a pipeline that has been submitted, but project " + start.project() + " has no '"
                            + start.pipeline() + "'");
            return;
        }
        TriggerEvent trigger = TriggerEvents.of(start);
        TriggerMatch match =
                TriggerRules.match(definition.get().plan().orElseThrow(), start.project(), trigger, start.inputs());
        if (!(match instanceof TriggerMatch.Starts starts)) {
            refuse(Refused.of(envelope, start), cause, "trigger-refused", reason(match, trigger));
            return;
        }
        Optional<Revision> revision = revision(definition.get(), start.branch(), start.commit());
        if (revision.isEmpty()) {
            refuse(
                    Refused.of(envelope, start),
                    cause,
                    "commit-unknown",
                    "Expected a commit, or a branch of which a commit has been seen, but none of '" + start.branch()
                            + "' has; name the commit");
            return;
        }
        Happened happened = new Happened(start.project(), trigger, cause, revision, envelope.chainId(), 0);
        begin(definition.get(), start.run(), happened, revision.get(), starts.inputs());
    }

    private void fire(Happened happened) {
        for (Definition definition : stores.definitions(happened.project())) {
            fire(happened, definition);
        }
    }

    private void fire(Happened happened, Definition definition) {
        if (definition.plan().isEmpty()) {
            return;
        }
        Plan plan = definition.plan().get();
        TriggerMatch match = TriggerRules.match(plan, happened.project(), happened.trigger(), Map.of());
        if (match instanceof TriggerMatch.Starts starts) {
            Optional<Revision> revision = starts.branch()
                    .map(branch -> revision(definition, branch, Optional.empty()))
                    .orElseGet(() -> happened.revision()
                            .map(known -> new Revision(
                                    definition.defined().repository(),
                                    known.branch(),
                                    known.commit(),
                                    known.message(),
                                    known.author(),
                                    known.committedAt())));
            UUID run = DerivedId.run(
                    happened.project(),
                    definition.defined().pipeline(),
                    happened.cause().id());
            if (happened.depth() > MOST_DEPTH) {
                refuse(
                        new Refused(
                                happened.project(), run, definition.defined().pipeline(), happened.chainId()),
                        happened.cause(),
                        "chain-too-long",
                        "Expected at most " + MOST_DEPTH + " runs that start each other one after the other, but run "
                                + happened.cause().id() + " is the last of so many; let one of these pipelines wait for"
                                + " something else");
                return;
            }
            if (revision.isPresent()) {
                begin(definition, run, happened, revision.get(), starts.inputs());
            } else {
                meters.runs("without-commit");
            }
        }
    }

    /** The revision of a branch; none where the pipeline checks one out and no commit of the branch has been seen. */
    private Optional<Revision> revision(Definition definition, String branch, Optional<String> commit) {
        Optional<String> repository = definition.defined().repository();
        Optional<Head> head = stores.head(definition.defined().project(), branch);
        if (repository.isPresent() && commit.isEmpty() && head.isEmpty()) {
            return Optional.empty();
        }
        Optional<Head> known =
                head.filter(seen -> commit.isEmpty() || commit.get().equals(seen.commit()));
        return Optional.of(new Revision(
                repository,
                branch,
                commit.or(() -> known.map(Head::commit)),
                known.flatMap(Head::message),
                known.flatMap(Head::author),
                known.flatMap(Head::committedAt)));
    }

    private void begin(
            Definition definition, UUID run, Happened happened, Revision revision, Map<String, String> inputs) {
        PipelineDefined defined = definition.defined();
        RunQueued queued = new RunQueued(
                defined.project(),
                run,
                defined.pipeline(),
                defined.version(),
                happened.cause(),
                revision,
                definition.plan().orElseThrow(),
                inputs,
                definition.asks() ? happened.trigger().fields() : Map.of());
        judgement.begin(new RunCommand.Begin(queued), definition.planKey(), happened.chainId(), happened.depth());
        meters.runs("begun");
    }

    private static String reason(TriggerMatch match, TriggerEvent trigger) {
        if (match instanceof TriggerMatch.Filtered filtered) {
            return "Expected a request that the pipeline takes, but " + filtered.reason();
        }
        if (match instanceof TriggerMatch.Refused refused) {
            return refused.reason();
        }
        return "Expected a pipeline with '" + TriggerEvent.word(trigger.kind())
                + "' in 'on', but this one has none; add it";
    }

    private void refuse(Refused refused, Cause cause, String reason, String detail) {
        if (stores.ended(refused.run()).isPresent()) {
            return;
        }
        stores.putRefused(refused.run(), now);
        judgement.sendFirst(
                refused.run(),
                refused.chainId(),
                new RunRefused(refused.project(), refused.run(), refused.pipeline(), cause, reason, detail));
        meters.runs("refused");
    }
}

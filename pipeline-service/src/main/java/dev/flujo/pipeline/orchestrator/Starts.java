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
import dev.flujo.event.Definitions;
import dev.flujo.event.DeployEvent;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineRead;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.SignalEvent.RecordReceived;
import dev.flujo.event.SignalEvent.UpstreamFinished;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    private final Readings readings;
    private final Instant now;

    Starts(ProjectStores stores, OrchestratorMeters meters, Judgement judgement, Instant now) {
        this.stores = stores;
        this.meters = meters;
        this.judgement = judgement;
        this.readings = new Readings(stores, judgement);
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
        fire(Happened.to(push.project(), TriggerEvents.of(push), cause, revision, envelope.chainId()));
    }

    void tagged(Envelope envelope, TagPushed tag) {
        Revision revision = new Revision(
                Optional.empty(), tag.tag(), Optional.of(tag.commit()), tag.message(), tag.author(), Optional.empty());
        Cause cause = new Cause(Cause.Kind.TAG, tag.by(), envelope.id(), tag.receivedAt());
        fire(Happened.to(tag.project(), TriggerEvents.of(tag), cause, revision, envelope.chainId()));
    }

    /** What comes from another repository does what the branch says that it is for, once somebody has let it. */
    void requested(Envelope envelope, PullRequestChanged request) {
        dropHeld(request);
        Revision revision = new Revision(
                Optional.empty(),
                request.branch(),
                Optional.of(request.commit()),
                Optional.of(request.title()),
                Optional.of(request.author()),
                Optional.empty());
        Cause cause = new Cause(Cause.Kind.PULL_REQUEST, request.by(), envelope.id(), request.receivedAt());
        TriggerEvent trigger = TriggerEvents.of(request);
        if (!request.fork()) {
            fire(Happened.to(request.project(), trigger, cause, revision, envelope.chainId()));
            return;
        }
        stores.putRequest(request.project(), request.number(), request.commit());
        Optional<String> base = request.baseCommit()
                .or(() -> stores.head(request.project(), request.base()).map(Head::commit));
        Revision definedAt = new Revision(
                Optional.empty(), request.base(), base, Optional.empty(), Optional.empty(), Optional.empty());
        fire(Happened.toFork(
                request.project(), trigger, cause, revision, definedAt, request.number(), envelope.chainId()));
    }

    /** Runs of a pull request that nobody has approved mean nothing once it has another commit, or is closed. */
    private void dropHeld(PullRequestChanged request) {
        boolean closed = request.action().equals("closed");
        for (HeldRun held : stores.held(request.project())) {
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

    /** A runner has read what the repository defines. */
    void read(DefinitionsRead report) {
        UUID run = report.attempt().run();
        stores.reading(run).ifPresent(reading -> {
            stores.removeReading(run);
            Happened happened = reading.happened();
            List<RepositoryFile> files = new RepositoryFiles(
                            happened.project(),
                            reading.source().repository(),
                            happened.cause().by(),
                            now)
                    .read(report);
            if (reading.start().isPresent()) {
                start(reading, reading.start().get(), files);
            } else {
                files.forEach(file -> read(happened, file));
                keepIfNewest(reading, files);
            }
        });
    }

    /** What the newest commit of the branch defines counts for schedules, and for what follows from other runs. */
    private void keepIfNewest(Reading reading, List<RepositoryFile> files) {
        Happened happened = reading.happened();
        String branch = reading.source().branch();
        Optional<String> head = stores.head(happened.project(), branch).map(Head::commit);
        boolean newest = happened.cause().kind() == Cause.Kind.PUSH
                && reading.at().branch().equals(branch)
                && head.equals(reading.at().commit());
        if (!newest || stores.source(happened.project()).isEmpty()) {
            return;
        }
        Map<String, String> before = new HashMap<>();
        stores.definitions(happened.project())
                .forEach(old ->
                        before.put(old.defined().pipeline(), old.defined().version()));
        List<Definition> right = new ArrayList<>();
        for (RepositoryFile file : files) {
            if (file instanceof RepositoryFile.Right one) {
                right.add(one.definition());
                if (!one.definition().defined().version().equals(before.get(one.pipeline()))) {
                    tell(reading, one);
                }
            }
        }
        stores.putFiles(happened.project(), right);
    }

    private void tell(Reading reading, RepositoryFile.Right file) {
        PipelineDefined defined = file.definition().defined();
        String commit = reading.at().commit().orElseThrow();
        judgement.send(
                Topic.PIPELINES,
                DerivedId.of("read", defined.subject(), defined.version(), commit)
                        .toString(),
                reading.happened().chainId(),
                new PipelineRead(
                        defined.project(),
                        defined.pipeline(),
                        defined.version(),
                        defined.repository(),
                        commit,
                        file.path(),
                        defined.source(),
                        defined.by(),
                        defined.definedAt(),
                        defined.templates()));
    }

    private void read(Happened happened, RepositoryFile file) {
        if (file instanceof RepositoryFile.Right right) {
            fire(happened, right.definition());
        } else if (file instanceof RepositoryFile.Wrong wrong) {
            refuse(happened, wrong);
        }
    }

    private void start(Reading reading, StartRun start, List<RepositoryFile> files) {
        Happened happened = reading.happened();
        Optional<RepositoryFile> file = files.stream()
                .filter(candidate -> candidate.pipeline().equals(start.pipeline()))
                .findFirst();
        if (file.isPresent() && file.get() instanceof RepositoryFile.Right right) {
            asked(happened, start, right.definition(), Optional.of(reading.at()));
        } else if (file.isPresent() && file.get() instanceof RepositoryFile.Wrong wrong) {
            refuse(
                    happened,
                    start,
                    "definition-invalid",
                    "Expected a pipeline file, but " + wrong.path() + " is wrong: "
                            + wrong.mistakes().get(0));
        } else {
            refuse(
                    happened,
                    start,
                    "pipeline-unknown",
                    "Expected a pipeline that the repository defines at commit "
                            + reading.at().commit().orElse("?") + ", but it has no '" + start.pipeline() + "' there");
        }
    }

    /** A reading has ended; whoever waits for what was not read must not wait for ever. */
    private void readingEnded(RunRow row) {
        UUID run = row.run().id();
        stores.reading(run).ifPresent(reading -> {
            stores.removeReading(run);
            Happened happened = reading.happened();
            String unread =
                    "Expected the definitions of the repository, but they could not be read: look at run " + run;
            reading.start().ifPresent(start -> refuse(happened, start, "definitions-unread", unread));
            if (happened.fork().isPresent()) {
                refuse(happened, RepositoryFile.wrong(Definitions.DIRECTORY, Definitions.PIPELINE, unread));
            }
        });
    }

    /**
     * A run has ended: others may wait for that, also in projects that have said so. What strangers' commits did starts
     * nothing, since it would be trusted.
     */
    void finished(RunRow row) {
        Run run = row.run();
        if (run.pipeline().equals(Definitions.PIPELINE)) {
            readingEnded(row);
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
        fire(Happened.of(upstream.project(), trigger, cause, revision, chainId, upstream.depth() + 1));
    }

    /** A record has come that pipelines of the project wait for. */
    void received(Envelope envelope, RecordReceived record) {
        Cause cause = new Cause(Cause.Kind.KAFKA, record.topic(), record.subject(), record.receivedAt());
        fire(Happened.of(record.project(), TriggerEvents.of(record), cause, Optional.empty(), envelope.chainId(), 0));
    }

    /** A deployment has ended. */
    void deployed(Envelope envelope, DeployEvent event) {
        TriggerEvents.of(event).ifPresent(trigger -> {
            RunRow by = stores.run(Run.deployAttempt(event).run()).orElse(null);
            if (by != null && by.run().trust() == Run.Trust.TRUSTED) {
                Cause cause = new Cause(Cause.Kind.DEPLOYMENT, trigger.text(EventField.BY), envelope.id(), now);
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
    void due(Definition definition, Schedule schedule, Instant time) {
        PipelineDefined defined = definition.defined();
        String id = defined.subject() + "/" + schedule.cron() + "/" + time;
        Cause cause = new Cause(Cause.Kind.SCHEDULE, "schedule", id, now);
        Happened happened = Happened.of(
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
        Happened happened =
                Happened.of(start.project(), TriggerEvents.of(start), cause, Optional.empty(), envelope.chainId(), 0);
        Optional<SourceDeclared> source = stores.source(start.project());
        if (source.isPresent()) {
            Optional<Revision> at =
                    revision(start.project(), source.get().repository(), start.branch(), start.commit());
            if (at.isPresent()) {
                readings.begin(source.get(), at.get(), happened, Optional.of(start));
            } else {
                refuseCommit(happened, start);
            }
            return;
        }
        Optional<Definition> definition = stores.definition(start.project(), start.pipeline());
        if (definition.flatMap(Definition::plan).isEmpty()) {
            refuse(
                    happened,
                    start,
                    "pipeline-unknown",
                    "Expected a pipeline that has been submitted, but project " + start.project() + " has no '"
                            + start.pipeline() + "'");
            return;
        }
        asked(happened, start, definition.get(), revision(definition.get(), start.branch(), start.commit()));
    }

    private void asked(Happened happened, StartRun start, Definition definition, Optional<Revision> revision) {
        TriggerMatch match = TriggerRules.match(
                definition.plan().orElseThrow(), start.project(), happened.trigger(), start.inputs());
        if (!(match instanceof TriggerMatch.Starts starts)) {
            refuse(happened, start, "trigger-refused", reason(match, happened.trigger()));
        } else if (revision.isEmpty()) {
            refuseCommit(happened, start);
        } else {
            begin(definition, start.run(), happened, revision.get(), starts.inputs());
        }
    }

    private void refuseCommit(Happened happened, StartRun start) {
        refuse(
                happened,
                start,
                "commit-unknown",
                "Expected a commit, or a branch of which a commit has been seen, but none of '" + start.branch()
                        + "' has; name the commit");
    }

    private void fire(Happened happened) {
        Optional<SourceDeclared> source = stores.source(happened.project());
        if (source.isPresent() && happened.definedAt().isPresent()) {
            readFirst(source.get(), happened, happened.definedAt().get());
            return;
        }
        for (Definition definition : stores.definitions(happened.project())) {
            fire(happened, definition);
        }
    }

    private void readFirst(SourceDeclared source, Happened happened, Revision at) {
        if (at.commit().isPresent()) {
            readings.begin(source, at, happened, Optional.empty());
            return;
        }
        UUID run = Readings.id(happened);
        if (!judgement.knows(run)) {
            stores.putRefused(run, now);
            judgement.sendFirst(
                    run,
                    happened.chainId(),
                    new RunRefused(
                            happened.project(),
                            run,
                            Definitions.PIPELINE,
                            happened.cause(),
                            "commit-unknown",
                            "Expected the commit that the pull request is based on, but the event does not say it and"
                                    + " none of '" + at.branch() + "' has been seen"));
        }
    }

    private void fire(Happened happened, Definition definition) {
        if (definition.plan().isEmpty()) {
            return;
        }
        Plan plan = definition.plan().get();
        TriggerMatch match = TriggerRules.match(plan, happened.project(), happened.trigger(), Map.of());
        UUID run = DerivedId.run(
                happened.project(),
                definition.defined().pipeline(),
                happened.cause().id());
        if (match instanceof TriggerMatch.Filtered filtered) {
            skip(happened, definition, run, filtered.reason());
        } else if (match instanceof TriggerMatch.Starts starts) {
            Optional<Revision> revision = starts.branch()
                    .map(branch -> revision(definition, branch, Optional.empty()))
                    .orElseGet(() -> happened.revision().map(known -> in(definition, known)));
            if (happened.depth() > MOST_DEPTH) {
                refuse(
                        happened,
                        run,
                        definition.defined().pipeline(),
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

    /** A check that a filter skips has passed; only commits have checks. */
    private void skip(Happened happened, Definition definition, UUID run, String reason) {
        if (happened.definedAt().isEmpty() || judgement.knows(run)) {
            return;
        }
        stores.putSkipped(run, now);
        judgement.sendFirst(
                run,
                happened.chainId(),
                new RunSkipped(
                        happened.project(),
                        run,
                        definition.defined().pipeline(),
                        definition.defined().version(),
                        happened.cause(),
                        in(definition, happened.revision().orElseThrow()),
                        reason));
        meters.runs("skipped");
    }

    private static Revision in(Definition definition, Revision known) {
        return in(definition.defined().repository(), known);
    }

    private static Revision in(Optional<String> repository, Revision known) {
        return new Revision(
                repository, known.branch(), known.commit(), known.message(), known.author(), known.committedAt());
    }

    private Optional<Revision> revision(Definition definition, String branch, Optional<String> commit) {
        return revision(definition.defined().project(), definition.defined().repository(), branch, commit);
    }

    /** The revision of a branch; none where there is something to check out and no commit of the branch has been seen. */
    private Optional<Revision> revision(
            String project, Optional<String> repository, String branch, Optional<String> commit) {
        Optional<Head> head = stores.head(project, branch);
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
        if (happened.fork().filter(number -> outdated(happened, number)).isPresent()) {
            meters.runs("outdated");
            return;
        }
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
        Optional<RunCommand.Hold> hold = happened.fork().map(number -> hold(queued, number));
        judgement.begin(new RunCommand.Begin(queued, hold), definition.planKey(), happened.chainId(), happened.depth());
        meters.runs(hold.isPresent() ? "held" : "begun");
    }

    /** Whether the pull request has got another commit while its definitions were read. */
    private boolean outdated(Happened happened, long number) {
        Optional<String> own = happened.revision().flatMap(Revision::commit);
        return !own.equals(stores.request(happened.project(), number));
    }

    private static RunCommand.Hold hold(RunQueued queued, long number) {
        String commit = queued.revision().commit().orElseThrow();
        return new RunCommand.Hold(
                number,
                commit,
                "pull request #" + number + " comes from another repository: nothing of commit " + commit
                        + " runs before somebody who may write approves it by POST /api/v1/runs/" + queued.run()
                        + "/approval");
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

    private void refuse(Happened happened, StartRun start, String reason, String detail) {
        refuse(happened, start.run(), start.pipeline(), reason, detail);
    }

    private void refuse(Happened happened, UUID run, String pipeline, String reason, String detail) {
        if (stores.ended(run).isPresent()) {
            return;
        }
        stores.putRefused(run, now);
        judgement.sendFirst(
                run,
                happened.chainId(),
                new RunRefused(happened.project(), run, pipeline, happened.cause(), reason, detail));
        meters.runs("refused");
    }

    /** Told once for each event, under an id that follows from the file, since no run of the pipeline has it. */
    private void refuse(Happened happened, RepositoryFile.Wrong file) {
        UUID run = DerivedId.run(
                happened.project(), "file " + file.path(), happened.cause().id());
        if (judgement.knows(run)) {
            return;
        }
        stores.putRefused(run, now);
        judgement.sendFirst(
                run,
                happened.chainId(),
                new DefinitionRefused(
                        happened.project(),
                        run,
                        file.pipeline(),
                        file.path(),
                        happened.cause(),
                        in(
                                stores.source(happened.project()).flatMap(SourceDeclared::repository),
                                happened.revision().orElseThrow()),
                        file.mistakes()));
        meters.runs("refused");
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.RunCommand;
import dev.flujo.core.trigger.TriggerEvent;
import dev.flujo.core.trigger.TriggerMatch;
import dev.flujo.core.trigger.TriggerRules;
import dev.flujo.event.CommandEvent.RerunRun;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.DerivedId;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.DefinitionRefused;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunRefused;
import dev.flujo.event.RunEvent.RunSkipped;
import dev.flujo.event.plan.Plan;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Begins, skips or refuses single runs, and says so on their logs; each once, however often it is told to. */
final class Beginnings {

    /** A run may be started by the end of a run, and so on; where it never ends, it ends here. */
    private static final int MOST_DEPTH = 10;

    private final ProjectStores stores;
    private final OrchestratorMeters meters;
    private final Judgement judgement;
    private final Instant now;

    Beginnings(ProjectStores stores, OrchestratorMeters meters, Judgement judgement, Instant now) {
        this.stores = stores;
        this.meters = meters;
        this.judgement = judgement;
        this.now = now;
    }

    /** Begins the run that somebody asks for, or says why not. */
    void asked(Happened happened, StartRun start, Definition definition, Optional<Revision> revision) {
        TriggerMatch match = TriggerRules.match(
                definition.plan().orElseThrow(), start.project(), happened.trigger(), start.inputs());
        if (!(match instanceof TriggerMatch.Starts starts)) {
            refuse(happened, start, "trigger-refused", reason(match, happened.trigger()));
        } else if (revision.isEmpty()) {
            refuseCommit(happened, start);
        } else {
            // Who names a commit wants that one, however old it is.
            Happened aged = start.commit().isPresent() ? happened : aged(happened, definition, revision.get());
            begin(definition, start.run(), aged, revision.get(), starts.inputs());
        }
    }

    void refuseCommit(Happened happened, StartRun start) {
        refuse(
                happened,
                start,
                "commit-unknown",
                "Expected a commit, or a branch of which a commit has been seen, but none of '" + start.branch()
                        + "' has; name the commit");
    }

    /** Begins the run of a pipeline that an event starts, if it does. */
    void fire(Happened happened, Definition definition) {
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
        } else if (match instanceof TriggerMatch.Refused refused) {
            refuse(happened, run, definition.defined().pipeline(), "trigger-refused", refused.reason());
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
                Happened aged = starts.branch().isPresent() ? aged(happened, definition, revision.get()) : happened;
                begin(definition, run, aged, revision.get(), starts.inputs());
            } else {
                refuse(
                        happened,
                        run,
                        definition.defined().pipeline(),
                        "commit-unknown",
                        "Expected a branch of which a commit has been seen, but none of '"
                                + starts.branch().orElse("") + "' has; push to it, or name another one in `branch`");
            }
        }
    }

    /** What the newest commit of a branch is started for is as old as that; it matters where there are environments. */
    private Happened aged(Happened happened, Definition definition, Revision revision) {
        boolean matters = definition.plan().orElseThrow().jobs().stream()
                .anyMatch(job -> job.environment().isPresent());
        return matters
                ? stores.head(happened.project(), revision.branch())
                        .filter(head -> revision.commit().equals(Optional.of(head.commit())))
                        .flatMap(Head::seenAt)
                        .map(happened::since)
                        .orElse(happened)
                : happened;
    }

    /** A check that a filter skips has passed; only commits have checks. */
    private void skip(Happened happened, Definition definition, UUID run, String reason) {
        if (happened.definedAt().isEmpty() || judgement.knows(run)) {
            return;
        }
        stores.runs().putSkipped(run, now);
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

    Optional<Revision> revision(Definition definition, String branch, Optional<String> commit) {
        return revision(definition.defined().project(), definition.defined().repository(), branch, commit);
    }

    /** The revision of a branch; none where there is something to check out and no commit of the branch has been seen. */
    Optional<Revision> revision(String project, Optional<String> repository, String branch, Optional<String> commit) {
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

    /** Begins a run that does an ended one again. */
    void again(RerunRun rerun, UUID chainId) {
        RunQueued queued = rerun.queued();
        Optional<RunCommand.Hold> hold = rerun.held().map(held -> hold(queued, held.request()));
        String key = Definition.planKey(queued.project(), queued.pipeline(), queued.version());
        judgement.begin(
                new RunCommand.Begin(queued, hold, new RunCommand.Kept(rerun.extended(), rerun.kept())),
                stores.runs().planKey(key, queued.plan()),
                chainId,
                0);
        meters.runs("again");
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

    void refuse(Happened happened, StartRun start, String reason, String detail) {
        refuse(happened, start.run(), start.pipeline(), reason, detail);
    }

    void refuse(Happened happened, UUID run, String pipeline, String reason, String detail) {
        if (stores.runs().ended(run).isPresent()) {
            return;
        }
        stores.runs().putRefused(run, now);
        judgement.sendFirst(
                run,
                happened.chainId(),
                new RunRefused(happened.project(), run, pipeline, happened.cause(), reason, detail));
        meters.runs("refused");
    }

    /** Told once for each event, under an id that follows from the file, since no run of the pipeline has it. */
    void refuse(Happened happened, RepositoryFile.Wrong file) {
        UUID run = DerivedId.run(
                happened.project(), "file " + file.path(), happened.cause().id());
        if (judgement.knows(run)) {
            return;
        }
        stores.runs().putRefused(run, now);
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

package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.RunCommand;
import dev.flujo.event.Cause;
import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.Definitions;
import dev.flujo.event.DerivedId;
import dev.flujo.event.JobEvent.DefinitionsRead;
import dev.flujo.event.PipelineEvent.PipelineDefined;
import dev.flujo.event.PipelineEvent.PipelineGone;
import dev.flujo.event.PipelineEvent.PipelineRead;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.Topic;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Triggers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final Beginnings beginnings;
    private final Instant now;

    Readings(ProjectStores stores, Judgement judgement, Beginnings beginnings, Instant now) {
        this.stores = stores;
        this.judgement = judgement;
        this.beginnings = beginnings;
        this.now = now;
    }

    private static UUID id(Happened happened) {
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

    /** Begins to read what the repository defines for an event. */
    void begin(SourceDeclared source, Happened happened, Revision at) {
        if (at.commit().isPresent()) {
            begin(source, at, happened, Optional.empty());
            return;
        }
        beginnings.refuse(
                happened,
                id(happened),
                Definitions.PIPELINE,
                "commit-unknown",
                "Expected the commit that the pull request is based on, but the event does not say it and none of '"
                        + at.branch() + "' has been seen");
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
                            now,
                            stores::template)
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
        right.forEach(definition -> before.remove(definition.defined().pipeline()));
        before.keySet().stream().sorted().forEach(pipeline -> tellGone(reading, pipeline));
        stores.putFiles(happened.project(), right);
    }

    private void tellGone(Reading reading, String pipeline) {
        Happened happened = reading.happened();
        String commit = reading.at().commit().orElseThrow();
        PipelineGone gone = new PipelineGone(
                happened.project(),
                pipeline,
                Optional.of(commit),
                happened.cause().by(),
                now);
        judgement.send(
                Topic.PIPELINES, DerivedId.of("gone", gone.subject(), commit).toString(), happened.chainId(), gone);
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
            beginnings.fire(happened, right.definition());
        } else if (file instanceof RepositoryFile.Wrong wrong) {
            beginnings.refuse(happened, wrong);
        }
    }

    private void start(Reading reading, StartRun start, List<RepositoryFile> files) {
        Happened happened = reading.happened();
        Optional<RepositoryFile> file = files.stream()
                .filter(candidate -> candidate.pipeline().equals(start.pipeline()))
                .findFirst();
        if (file.isPresent() && file.get() instanceof RepositoryFile.Right right) {
            beginnings.asked(happened, start, right.definition(), Optional.of(reading.at()));
        } else if (file.isPresent() && file.get() instanceof RepositoryFile.Wrong wrong) {
            beginnings.refuse(
                    happened,
                    start,
                    "definition-invalid",
                    "Expected a pipeline file, but " + wrong.path() + " is wrong: "
                            + wrong.mistakes().get(0));
        } else {
            beginnings.refuse(
                    happened,
                    start,
                    "pipeline-unknown",
                    "Expected a pipeline that the repository defines at commit "
                            + reading.at().commit().orElse("?") + ", but it has no '" + start.pipeline() + "' there");
        }
    }

    /** A reading has ended; whoever waits for what was not read must not wait for ever. */
    void ended(RunRow row) {
        UUID run = row.run().id();
        stores.reading(run).ifPresent(reading -> {
            stores.removeReading(run);
            Happened happened = reading.happened();
            String unread =
                    "Expected the definitions of the repository, but they could not be read: look at run " + run;
            reading.start().ifPresent(start -> beginnings.refuse(happened, start, "definitions-unread", unread));
            if (happened.fork().isPresent()) {
                beginnings.refuse(happened, RepositoryFile.wrong(Definitions.DIRECTORY, Definitions.PIPELINE, unread));
            }
        });
    }

    private static Plan plan() {
        Job job = new Job(
                Definitions.JOB, List.of(), Map.of(), List.of(), TIMEOUT, List.of(), List.of(), Optional.empty());
        return new Plan(Definitions.PIPELINE, new Triggers(Optional.empty(), false), Map.of(), List.of(job));
    }
}

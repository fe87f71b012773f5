package dev.flujo.pipeline;

import dev.flujo.event.Attempt;
import dev.flujo.event.Cause;
import dev.flujo.event.DerivedId;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.ArtifactPublished;
import dev.flujo.event.JobEvent.JobAssigned;
import dev.flujo.event.JobEvent.JobFinished;
import dev.flujo.event.JobEvent.JobQueued;
import dev.flujo.event.JobEvent.JobStarted;
import dev.flujo.event.JobEvent.StepFinished;
import dev.flujo.event.JobEvent.StepStarted;
import dev.flujo.event.LogEvent.LogAppended;
import dev.flujo.event.Outcome;
import dev.flujo.event.Revision;
import dev.flujo.event.RunEvent.RunApproved;
import dev.flujo.event.RunEvent.RunFinished;
import dev.flujo.event.RunEvent.RunHeld;
import dev.flujo.event.RunEvent.RunQueued;
import dev.flujo.event.RunEvent.RunStarted;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The log of a run of one job with one step, as the orchestrator writes it. */
public final class RunStory {

    /** The only job of the run. */
    public static final String JOB = "build";

    private static final URI SOURCE = URI.create("/flujo/orchestrator");

    private final String project;
    private final String pipeline;
    private final String branch;
    private final UUID run = UUID.randomUUID();
    private final Instant began;
    private long sequence;

    /** A run of the pipeline {@code main} on the branch {@code main}, that begins now. */
    public RunStory(String project) {
        this(project, "main", "main", Instant.now());
    }

    public RunStory(String project, String pipeline, String branch, Instant began) {
        this.project = project;
        this.pipeline = pipeline;
        this.branch = branch;
        this.began = began.truncatedTo(ChronoUnit.MILLIS);
    }

    public UUID run() {
        return run;
    }

    public Attempt attempt() {
        return new Attempt(run, JOB, 1);
    }

    /** The run is there and waits for a runner. */
    public List<Envelope> queued() {
        Job job = new Job(
                JOB,
                List.of(),
                Map.of(),
                List.of(new Step("test", "true", Map.of())),
                Duration.ofMinutes(10),
                List.of(),
                List.of(),
                Optional.empty());
        Plan plan = new Plan("main", new Triggers(Optional.empty(), true), Map.of(), List.of(job));
        Revision revision = new Revision(
                Optional.empty(), branch, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        Cause cause = new Cause(Cause.Kind.MANUAL, "ana", "key-" + run, began);
        return next(
                new RunQueued(project, run, pipeline, "0123456789ab", cause, revision, plan),
                new JobQueued(project, attempt(), "default"));
    }

    /** It waits for somebody to let it, because of what it is. */
    public List<Envelope> held() {
        return next(new RunHeld(project, run, pipeline, 7, "b".repeat(40), "it is of a fork"));
    }

    /** Somebody has let it. */
    public List<Envelope> approved() {
        return next(new RunApproved(project, run, pipeline, "b".repeat(40), "ana"));
    }

    /** Its only step runs. */
    public List<Envelope> running() {
        return next(
                new JobAssigned(project, attempt(), "default", "runner-1"),
                new RunStarted(project, run, pipeline),
                new JobStarted(project, attempt(), "runner-1", began),
                new StepStarted(project, attempt(), 0, "test", began));
    }

    /** It has left a file. */
    public List<Envelope> published() {
        return next(new ArtifactPublished(project, attempt(), "shop.jar", 3, "0".repeat(64)));
    }

    /** Everything has ended so, after so many lines. */
    public List<Envelope> ended(Outcome outcome, long lines) {
        int exit = outcome == Outcome.SUCCEEDED ? 0 : 1;
        return next(
                new StepFinished(project, attempt(), 0, "test", outcome, exit, lines, began),
                new JobFinished(
                        project, attempt(), "runner-1", outcome, Optional.empty(), Optional.empty(), lines, began),
                new RunFinished(project, run, pipeline, outcome, Optional.empty()));
    }

    /** The whole log. */
    public List<Envelope> whole(Outcome outcome) {
        List<Envelope> all = new ArrayList<>(queued());
        all.addAll(running());
        all.addAll(ended(outcome, 0));
        return all;
    }

    /** A chunk of the job's log; its lines are joined by line feeds. */
    public Envelope log(int chunk, long firstLine, List<String> lines) {
        LogAppended log =
                new LogAppended(project, attempt(), 0, chunk, firstLine, lines.size(), began, String.join("\n", lines));
        return Envelope.of(DerivedId.of("log", run + "/" + chunk).toString(), SOURCE, began, chain(), log);
    }

    /** The chain of the run. */
    public UUID chain() {
        return DerivedId.of("chain", run.toString());
    }

    private List<Envelope> next(Event... events) {
        List<Envelope> envelopes = new ArrayList<>();
        for (Event event : events) {
            sequence++;
            envelopes.add(new Envelope(
                    DerivedId.event(run, "story", (int) sequence), SOURCE, began, chain(), sequence, event));
        }
        return envelopes;
    }
}

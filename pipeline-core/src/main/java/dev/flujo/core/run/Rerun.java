package dev.flujo.core.run;

import dev.flujo.event.Attempt;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobKept;
import dev.flujo.event.JobEvent.Output;
import dev.flujo.event.Outcome;
import dev.flujo.event.RunEvent.RunExtended;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What is done again of a run that has ended, and what is kept. Whatever has succeeded and does not come after what is done
 * again is kept, with its outputs and artifacts; everything else runs again, or is skipped again.
 */
public final class Rerun {

    /** How much is done again. */
    public sealed interface Scope {

        /** All of it. */
        record All() implements Scope {}

        /** What did not succeed, and what comes after it. */
        record Failed() implements Scope {}

        /** This job with everything that came out of it, what comes after it, and what did not succeed. */
        record From(String job) implements Scope {}
    }

    /** What comes of the wish: what the new run keeps, or why there is nothing to be done. */
    public sealed interface Verdict {

        /** The new run begins with this. */
        record Begins(RunCommand.Kept kept) implements Verdict {}

        /** It cannot be done, for this reason. */
        record Refused(String reason) implements Verdict {}
    }

    private final Run old;
    private final UUID run;
    private final Needs needs;

    private Rerun(Run old, UUID run) {
        this.old = old;
        this.run = run;
        this.needs = new Needs(() -> old);
    }

    /** Judges the wish to do an ended run with this log again as {@code run}. */
    public static Verdict of(Run old, List<? extends Event> log, UUID run, Scope scope) {
        Rerun rerun = new Rerun(old, run);
        if (scope instanceof Scope.All) {
            return new Verdict.Begins(RunCommand.Kept.NOTHING);
        }
        Set<String> again = rerun.unsuccessful();
        if (scope instanceof Scope.Failed && again.isEmpty()) {
            return new Verdict.Refused("Expected a run of which something has failed, but all of run " + old.id()
                    + " has succeeded; do all of it again, or from a job");
        }
        if (scope instanceof Scope.From from) {
            Set<String> its = rerun.cameOutOf(from.job());
            if (its.isEmpty()) {
                return new Verdict.Refused(
                        "Expected a job of run " + old.id() + ", but it has no '" + from.job() + "'");
            }
            again.addAll(its);
        }
        return new Verdict.Begins(rerun.kept(rerun.withAllAfter(again), log));
    }

    private Set<String> unsuccessful() {
        Set<String> jobs = new LinkedHashSet<>();
        old.jobs().forEach((id, state) -> {
            boolean fine = state.outcome()
                    .filter(outcome -> outcome == Outcome.SUCCEEDED || outcome == Outcome.SKIPPED)
                    .isPresent();
            if (!fine) {
                jobs.add(id);
            }
        });
        return jobs;
    }

    private Set<String> cameOutOf(String name) {
        Set<String> jobs = new LinkedHashSet<>();
        old.jobs().keySet().stream().filter(id -> Needs.cameOutOf(id, name)).forEach(jobs::add);
        return jobs;
    }

    private Set<String> withAllAfter(Set<String> jobs) {
        Set<String> all = new HashSet<>(jobs);
        boolean more = true;
        while (more) {
            more = false;
            for (Job job : old.plan().jobs()) {
                more |= needs.before(job).stream().anyMatch(all::contains) && all.add(job.id());
            }
        }
        return all;
    }

    private RunCommand.Kept kept(Set<String> again, List<? extends Event> log) {
        Set<String> kept = new LinkedHashSet<>();
        old.jobs().forEach((id, state) -> {
            if (state.succeeded() && !again.contains(id)) {
                kept.add(id);
            }
        });
        List<RunExtended> extended = new ArrayList<>();
        for (Event event : log) {
            if (event instanceof RunExtended e && stays(e, kept)) {
                extended.add(new RunExtended(e.project(), run, e.pipeline(), e.job(), e.matrix(), e.jobs()));
            }
        }
        return new RunCommand.Kept(
                extended, kept.stream().map(job -> kept(old, run, job)).toList());
    }

    /** What a kept job generated stays; a matrix keeps its values if a cell of it is kept. */
    private static boolean stays(RunExtended extended, Set<String> kept) {
        return extended.matrix().isPresent()
                ? kept.stream().anyMatch(id -> !id.equals(extended.job()) && Needs.cameOutOf(id, extended.job()))
                : kept.contains(extended.job());
    }

    /** A job that has succeeded in one run, as another has it without doing it again. */
    static JobKept kept(Run old, UUID run, String job) {
        List<Output> outputs = old.outputs().stream()
                .filter(left -> left.job().equals(job))
                .map(Work.JobOutput::output)
                .toList();
        List<Work.Artifact> artifacts = old.artifacts().stream()
                .filter(artifact -> artifact.job().equals(job))
                .toList();
        return new JobKept(old.project(), new Attempt(run, job, 1), old.attempt(job), outputs, artifacts);
    }
}

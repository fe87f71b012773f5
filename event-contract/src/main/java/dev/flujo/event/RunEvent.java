package dev.flujo.event;

import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Matrix;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The life of one run as a whole. */
public sealed interface RunEvent extends Event {

    String project();

    UUID run();

    String pipeline();

    @Override
    default String subject() {
        return run().toString();
    }

    /**
     * The run exists; everything that it will do is in its plan, whose matrices stand for their cells. Always the first event
     * of an accepted run.
     *
     * @param inputs a value for every input of the plan
     * @param event what expressions can ask of the event that started the run, by the words they have for it
     */
    record RunQueued(
            String project,
            UUID run,
            String pipeline,
            String version,
            Cause cause,
            Revision revision,
            Plan plan,
            Map<String, String> inputs,
            Map<String, Object> event)
            implements RunEvent {

        public RunQueued {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(plan, "plan");
            inputs = Ordered.copy(inputs);
            event = Ordered.tree(event);
        }

        /** A run without inputs, started by an event that nobody asks about. */
        public RunQueued(
                String project, UUID run, String pipeline, String version, Cause cause, Revision revision, Plan plan) {
            this(project, run, pipeline, version, cause, revision, plan, Map.of(), Map.of());
        }
    }

    /**
     * Further jobs have come out of a job: the cells of its matrix, which take its place, or what it generated. Cells are not
     * written out, since they may be many: they follow from the job and its matrix.
     *
     * @param matrix the job's matrix once its values are known
     * @param jobs what the job generated
     */
    record RunExtended(String project, UUID run, String pipeline, String job, Optional<Matrix> matrix, List<Job> jobs)
            implements RunEvent {

        public RunExtended {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(job, "job");
            matrix = matrix == null ? Optional.empty() : matrix;
            jobs = jobs == null ? List.of() : List.copyOf(jobs);
        }
    }

    /** The first job of the run has started. */
    record RunStarted(String project, UUID run, String pipeline) implements RunEvent {

        public RunStarted {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
        }
    }

    /** Somebody asked to end the run; what is running is being stopped. */
    record RunCancelling(String project, UUID run, String pipeline, String by, String reason) implements RunEvent {

        public RunCancelling {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** The run has ended and never changes again. */
    record RunFinished(String project, UUID run, String pipeline, Outcome outcome, Optional<String> reason)
            implements RunEvent {

        public RunFinished {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(outcome, "outcome");
            reason = reason == null ? Optional.empty() : reason;
        }
    }

    /** A run that was asked for could not be accepted; the first and last event of its log. */
    record RunRefused(String project, UUID run, String pipeline, Cause cause, String reason, String detail)
            implements RunEvent {

        public RunRefused {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
        }
    }

    /** A record would have corrupted this run: nothing more is accepted for it until a person has looked. */
    record RunQuarantined(String project, UUID run, String pipeline, String reason) implements RunEvent {

        public RunQuarantined {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The run waits until somebody with the right to do so lets it: it would execute what comes from outside the repository.
     * It stays untrusted after that, so it is never given a secret.
     *
     * @param request the number of the pull request that it is of
     * @param commit the commit that has to be approved
     */
    record RunHeld(String project, UUID run, String pipeline, long request, String commit, String reason)
            implements RunEvent {

        public RunHeld {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Somebody has let a run go on that was held. */
    record RunApproved(String project, UUID run, String pipeline, String commit, String by) implements RunEvent {

        public RunApproved {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(by, "by");
        }
    }

    /** A pipeline waits for such events, but its filters let this one pass by; the first and last event of its log. */
    record RunSkipped(
            String project, UUID run, String pipeline, String version, Cause cause, Revision revision, String reason)
            implements RunEvent {

        public RunSkipped {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** A file of the repository defines no pipeline, because it is wrong; the first and last event of its log. */
    record DefinitionRefused(
            String project,
            UUID run,
            String pipeline,
            String file,
            Cause cause,
            Revision revision,
            List<Mistake> mistakes)
            implements RunEvent {

        public DefinitionRefused {
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(run, "run");
            Objects.requireNonNull(pipeline, "pipeline");
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(cause, "cause");
            Objects.requireNonNull(revision, "revision");
            mistakes = mistakes == null ? List.of() : List.copyOf(mistakes);
        }
    }

    /** What is wrong with a file, and where: line and column from 1, or 0 where it concerns the file as a whole. */
    record Mistake(int line, int column, String message) {

        public Mistake {
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String toString() {
            return line == 0 ? message : line + ":" + column + " " + message;
        }
    }
}

package dev.flujo.pipeline.store;

import dev.flujo.event.Cause;
import dev.flujo.event.Revision;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What a run is after the events up to {@code sequence}; 0 when it is only asked for. A refused run has no version, and
 * where nothing is known of its source, no revision.
 */
public record RunRow(
        UUID run,
        String project,
        String pipeline,
        Optional<String> version,
        RunState state,
        Optional<String> reason,
        Cause cause,
        Optional<Revision> revision,
        Times times,
        long sequence,
        UUID chain) {

    /** When the run was queued, started and finished, as far as it has been. */
    public record Times(Optional<Instant> queuedAt, Optional<Instant> startedAt, Optional<Instant> finishedAt) {

        /** Before anything has happened. */
        public static final Times NONE = new Times(Optional.empty(), Optional.empty(), Optional.empty());

        public Times {
            Objects.requireNonNull(queuedAt, "queuedAt");
            Objects.requireNonNull(startedAt, "startedAt");
            Objects.requireNonNull(finishedAt, "finishedAt");
        }
    }

    public RunRow {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(pipeline, "pipeline");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(revision, "revision");
        Objects.requireNonNull(times, "times");
        Objects.requireNonNull(chain, "chain");
    }

    /** The same run in another state. */
    public RunRow with(RunState to, Optional<String> why, Times at, long newSequence) {
        return new RunRow(run, project, pipeline, version, to, why, cause, revision, at, newSequence, chain);
    }
}

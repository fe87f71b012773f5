package dev.flujo.metrics.messaging;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** How far the last rebuild of this process is: records read, of how many. */
public record RebuildStatus(
        State state,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        long recordsRead,
        long recordsInLog,
        Optional<String> detail) {

    /** What a rebuild does. */
    public enum State {
        NONE,
        RUNNING,
        DONE,
        STOPPED
    }

    static final RebuildStatus NEVER =
            new RebuildStatus(State.NONE, Optional.empty(), Optional.empty(), 0, 0, Optional.empty());

    public RebuildStatus {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(finishedAt, "finishedAt");
        Objects.requireNonNull(detail, "detail");
    }

    static RebuildStatus started(Instant at) {
        return new RebuildStatus(State.RUNNING, Optional.of(at), Optional.empty(), 0, 0, Optional.empty());
    }

    RebuildStatus progress(long read, long inLog) {
        return new RebuildStatus(state, startedAt, finishedAt, read, inLog, detail);
    }

    RebuildStatus ended(State how, Instant at, String why) {
        return new RebuildStatus(how, startedAt, Optional.of(at), recordsRead, recordsInLog, Optional.ofNullable(why));
    }
}

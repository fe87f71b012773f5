package dev.flujo.pipeline.store;

import dev.flujo.event.Outcome;

/** What a run is doing, in one word; an ended run's word is its outcome. */
public enum RunState {
    /** Asked for and kept; the orchestrator has not said anything yet. */
    ACCEPTED,
    /** It executes what comes from elsewhere: somebody must approve it first. */
    HELD,
    QUEUED,
    RUNNING,
    CANCELLING,
    /** A record would have corrupted the run: a person must look. */
    QUARANTINED,
    /** Asked for, but impossible. */
    REFUSED,
    SKIPPED,
    SUCCEEDED,
    CANCELLED,
    FAILED,
    ERRORED;

    /** Whether nothing will happen to the run any more. */
    public boolean ended() {
        return compareTo(REFUSED) >= 0;
    }

    public static RunState of(Outcome outcome) {
        return switch (outcome) {
            case SKIPPED -> SKIPPED;
            case SUCCEEDED -> SUCCEEDED;
            case CANCELLED -> CANCELLED;
            case FAILED -> FAILED;
            case ERRORED -> ERRORED;
        };
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.event.Cause;
import dev.flujo.pipeline.store.RunRow;
import dev.flujo.pipeline.store.RunState;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What a pipeline says of a commit: its newest run for an event of this kind, and how that counts where the check is
 * required.
 */
public record CheckView(
        String pipeline, String event, RunState state, Conclusion conclusion, Optional<String> reason, UUID run) {

    /** How a check counts, in the words of forges. */
    public enum Conclusion {
        PENDING,
        SUCCESS,
        FAILURE
    }

    static CheckView of(RunRow row, Cause.Kind kind) {
        return new CheckView(
                row.pipeline(), event(kind), row.state(), conclusion(row.state()), row.reason(), row.run());
    }

    /** What two runs must have in common for the newer one to take the place of the other. */
    String key() {
        return pipeline + " " + event;
    }

    /** Whether it is about the commit itself, and not about a time or another run. */
    boolean ofChange() {
        return event.equals("push") || event.equals("pull_request") || event.equals("tag");
    }

    boolean skipped() {
        return state == RunState.SKIPPED;
    }

    /** A pipeline that its filters skip has nothing against the commit. */
    private static Conclusion conclusion(RunState state) {
        return switch (state) {
            case ACCEPTED, HELD, QUEUED, RUNNING, CANCELLING -> Conclusion.PENDING;
            case SUCCEEDED, SKIPPED -> Conclusion.SUCCESS;
            case QUARANTINED, REFUSED, CANCELLED, FAILED, ERRORED -> Conclusion.FAILURE;
        };
    }

    private static String event(Cause.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}

package dev.flujo.pipeline.webhook;

import dev.flujo.event.CommitEvent;
import java.util.List;
import java.util.Optional;

/** What a delivery says, in Flujo's words. */
sealed interface Heard {

    /** Comments that nobody has just written on a pull request. */
    Heard OTHER_COMMENT = new Ignored("comments that are not new, or not on a pull or merge request");

    /** Nothing that pipelines could wait for. */
    record Ignored(String what) implements Heard {}

    /**
     * Something has happened to the repository.
     *
     * @param same what is the same in every delivery that says so, where a forge says it under another id again; none where
     *     the id of the delivery is that
     */
    record Happened(List<CommitEvent> events, Optional<String> same) implements Heard {

        public Happened {
            events = List.copyOf(events);
        }

        Happened(CommitEvent event) {
            this(List.of(event), Optional.empty());
        }
    }

    /** Somebody has said something about a pull request. */
    record Commented(RequestComment comment) implements Heard {}

    /** Changes, of which there may be none. */
    static Heard of(List<CommitEvent> events, String otherwise) {
        return events.isEmpty() ? new Ignored(otherwise) : new Happened(events, Optional.empty());
    }
}

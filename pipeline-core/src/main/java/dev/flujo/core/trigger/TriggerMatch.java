package dev.flujo.core.trigger;

import java.util.Map;
import java.util.Optional;

/** What a pipeline's triggers say to an event. */
public sealed interface TriggerMatch {

    /**
     * A run starts.
     *
     * @param inputs a value for every input of the pipeline
     * @param branch the branch whose newest commit is run, where the event has no revision of its own
     */
    record Starts(Map<String, String> inputs, Optional<String> branch) implements TriggerMatch {

        public Starts {
            inputs = Map.copyOf(inputs);
        }
    }

    /** The pipeline waits for such events, but not for this one; where it is a required check, it counts as passed. */
    record Filtered(String reason) implements TriggerMatch {}

    /** The event would start a run, but gives an input a value that it cannot have. */
    record Refused(String reason) implements TriggerMatch {}

    /** The pipeline does not wait for such events. */
    record Unconcerned() implements TriggerMatch {}
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.AssignmentEvent;
import dev.flujo.event.Envelope;
import dev.flujo.event.Event;
import dev.flujo.event.JobEvent.JobLost;
import dev.flujo.event.PoolEvent;
import dev.flujo.event.Topic;

/** An event on its way to a topic. */
record Output(Topic topic, Envelope envelope) {

    /** Whether somebody waits for it; everything else only has to become known. */
    boolean urgent() {
        Event event = envelope.event();
        return event instanceof PoolEvent
                || event instanceof AssignmentEvent
                || (event instanceof JobLost && topic == Topic.POOL_FACTS);
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Envelope;
import dev.flujo.event.Topic;

/** An event on its way to a topic. */
record Output(Topic topic, Envelope envelope) {}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.Outcome;
import java.time.Instant;

/** What is kept of a run after its end: enough to know that it was there, so that its cause starts no second one. */
record EndedRun(Outcome outcome, Instant endedAt) {}

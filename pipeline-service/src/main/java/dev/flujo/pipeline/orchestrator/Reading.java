package dev.flujo.pipeline.orchestrator;

import dev.flujo.event.CommandEvent.StartRun;
import dev.flujo.event.PipelineEvent.SourceDeclared;
import dev.flujo.event.Revision;
import java.util.Optional;

/**
 * What waits for a runner to read the definitions of a commit: everything that an event starts, or the one run that
 * somebody asked for.
 */
record Reading(SourceDeclared source, Revision at, Happened happened, Optional<StartRun> start) {}

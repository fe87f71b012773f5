package dev.flujo.pipeline.api;

import dev.flujo.pipeline.store.RunState;
import java.util.List;
import java.util.UUID;

/** Why a run, or each of its jobs, does not go on right now; nothing where all that can be done is being done. */
public record WhyView(UUID run, RunState state, List<WaitView> waits) {}

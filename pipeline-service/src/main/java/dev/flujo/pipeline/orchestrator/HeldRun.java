package dev.flujo.pipeline.orchestrator;

import java.util.UUID;

/** A run that was held, with the pull request and the commit that it is of. */
record HeldRun(UUID run, long request, String commit) {}

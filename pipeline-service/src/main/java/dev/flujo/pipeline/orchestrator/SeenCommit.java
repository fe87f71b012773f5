package dev.flujo.pipeline.orchestrator;

import java.time.Instant;

/** The newest commit of something, and when it was heard of. */
record SeenCommit(String commit, Instant at) {}

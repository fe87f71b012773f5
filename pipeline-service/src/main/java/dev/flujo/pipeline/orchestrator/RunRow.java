package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.Run;
import java.util.UUID;

/** A living run as its store keeps it: its plan lies in a store of its own, under {@code planKey}. */
record RunRow(Run run, String planKey, UUID chainId) {}

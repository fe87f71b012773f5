package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.Run;
import java.util.UUID;

/**
 * A living run as its store keeps it: its plan lies under {@code planKey}, beside those of others with the same definition.
 *
 * @param depth how many runs came one after the other before this one, each started by the end of the one before
 * @param extensions how often further jobs have come out of its jobs; what they are lies beside the run
 */
record RunRow(Run run, String planKey, UUID chainId, int depth, int extensions) {

    RunRow with(Run newRun) {
        return new RunRow(newRun, planKey, chainId, depth, extensions);
    }

    RunRow extended() {
        return new RunRow(run, planKey, chainId, depth, extensions + 1);
    }
}

package dev.flujo.pipeline.orchestrator;

import dev.flujo.core.run.Run;
import java.util.UUID;

/**
 * A living run as its store keeps it: its plan lies under {@code planKey}, beside those of others with the same definition,
 * unless the run has made it its own.
 *
 * @param depth how many runs came one after the other before this one, each started by the end of the one before
 */
record RunRow(Run run, String planKey, UUID chainId, int depth) {

    private static final String OWN = "run/";

    /** Where the plan lies of a run that has become another one than its definition's. */
    static String ownPlan(UUID run) {
        return OWN + run;
    }

    boolean hasOwnPlan() {
        return planKey.startsWith(OWN);
    }

    RunRow with(Run newRun, String newPlanKey) {
        return new RunRow(newRun, newPlanKey, chainId, depth);
    }
}

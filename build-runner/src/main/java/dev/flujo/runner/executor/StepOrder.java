package dev.flujo.runner.executor;

import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;

/** Which steps are executed, depending on how those before them ended. */
public final class StepOrder {

    private boolean failed;

    /** Whether this step is executed, after those that have ended. */
    public boolean runs(Step step) {
        Condition condition = step.settings().condition();
        if (condition.expression().isPresent()) {
            return false;
        }
        return condition.always() || failed == condition.onFailure();
    }

    /** Notes how a step has ended. */
    public void ended(Step step, int exitCode) {
        failed |= exitCode != 0 && !step.settings().continueOnError();
    }
}

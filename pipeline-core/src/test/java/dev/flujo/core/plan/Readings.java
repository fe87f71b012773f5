package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.event.plan.Plan;
import java.util.List;

/** Takes readings apart, for tests. */
final class Readings {

    private Readings() {}

    static Plan plan(PlanReading reading) {
        if (reading instanceof PlanReading.Readable readable) {
            return readable.plan();
        }
        throw new AssertionError("Expected a plan, but it was refused: " + reading);
    }

    static List<PlanProblem> problems(PlanReading reading) {
        if (reading instanceof PlanReading.Refused refused) {
            return refused.problems();
        }
        throw new AssertionError("Expected problems, but it was read: " + reading);
    }

    /** As {@code line:column sentence}. */
    static List<String> sentences(PlanReading reading) {
        return problems(reading).stream().map(PlanProblem::toString).toList();
    }
}

package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.event.plan.Plan;
import java.util.List;
import java.util.Objects;

/** What came of reading a pipeline file: its plan, or everything that is wrong with it. */
public sealed interface PlanReading {

    /** The file is right, and this is what it says. */
    @SuppressWarnings("JavaLangClash") // always written PlanReading.Readable, beside PlanReading.Refused
    record Readable(Plan plan) implements PlanReading {

        public Readable {
            Objects.requireNonNull(plan, "plan");
        }
    }

    /** The file is wrong in these places, in the order of the file; there is at least one. */
    record Refused(List<PlanProblem> problems) implements PlanReading {

        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("Expected to refuse for a reason, but there is none.");
            }
        }
    }
}

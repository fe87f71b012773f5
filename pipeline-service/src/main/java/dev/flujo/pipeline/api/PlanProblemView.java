package dev.flujo.pipeline.api;

import dev.flujo.core.plan.yaml.PlanProblem;
import java.util.Optional;

/** One thing that is wrong with a pipeline file. */
public record PlanProblemView(int line, int column, String pointer, String detail, Optional<String> suggestion) {

    static PlanProblemView of(PlanProblem problem) {
        return new PlanProblemView(
                problem.line(), problem.column(), problem.pointer(), problem.message(), problem.suggestion());
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.core.plan.yaml.PlanProblem;
import java.util.List;

/** Whether a file is right, and everything that is wrong with it. */
public record LintView(boolean valid, List<PlanProblemView> errors) {

    static LintView of(List<PlanProblem> problems) {
        return new LintView(
                problems.isEmpty(), problems.stream().map(PlanProblemView::of).toList());
    }
}

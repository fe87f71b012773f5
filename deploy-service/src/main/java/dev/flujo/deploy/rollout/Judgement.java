package dev.flujo.deploy.rollout;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.event.plan.Deploy.Analysis;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What follows from a result, by the conditions of an analysis. */
final class Judgement {

    private Judgement() {}

    /** @param stable the same of the old version, where it was asked for and there is one */
    static Finding of(Analysis analysis, Object result, Optional<?> stable) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("result", Evaluation.value(result));
        stable.ifPresent(value -> variables.put("stable", Evaluation.value(value)));
        String seen = "result " + shown(result)
                + stable.map(value -> ", stable " + shown(value)).orElse("");
        try {
            return new Finding(verdict(analysis, result, new Evaluation(variables)), seen);
        } catch (Evaluation.Failure e) {
            return new Finding(Verdict.INCONCLUSIVE, seen + "; " + e.getMessage());
        }
    }

    private static Verdict verdict(Analysis analysis, Object result, Evaluation evaluation) {
        Optional<Boolean> bad = analysis.fail().map(evaluation::holds);
        if (bad.equals(Optional.of(true))) {
            return Verdict.FAIL;
        }
        Optional<Boolean> good = analysis.pass().map(evaluation::holds);
        if (good.isEmpty() && analysis.http().isPresent() && result instanceof Number status) {
            good = Optional.of(status.intValue() >= 200 && status.intValue() < 300);
        }
        if (good.isEmpty() && bad.isEmpty() && analysis.job().isPresent()) {
            good = Optional.of(result.equals("succeeded"));
        }
        if (good.orElseGet(() -> !bad.orElse(true))) {
            return Verdict.PASS;
        }
        return bad.isPresent() ? Verdict.INCONCLUSIVE : Verdict.FAIL;
    }

    private static String shown(Object result) {
        return result instanceof Double value ? String.format(Locale.ROOT, "%.4g", value) : result.toString();
    }
}

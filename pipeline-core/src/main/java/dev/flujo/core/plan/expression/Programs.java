package dev.flujo.core.plan.expression;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Expressions that were compiled already, and the variables that they ask for; for one thread at a time. */
public final class Programs {

    private final Map<String, CelRuntime.Program> compiled = new HashMap<>();
    private final Map<String, Set<String>> names = new HashMap<>();

    CelRuntime.Program of(String expression) throws CelValidationException, CelEvaluationException {
        CelRuntime.Program known = compiled.get(expression);
        if (known == null) {
            known = Cel.RUNTIME.createProgram(Cel.PARSER.parse(expression).getAst());
            compiled.put(expression, known);
        }
        return known;
    }

    /** The variables of a checked expression. */
    public Set<String> names(String expression) {
        return names.computeIfAbsent(expression, Names::in);
    }
}

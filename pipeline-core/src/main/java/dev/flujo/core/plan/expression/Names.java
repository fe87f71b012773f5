package dev.flujo.core.plan.expression;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.Set;
import java.util.TreeSet;

/** Which variables an expression asks for. */
public final class Names {

    private Names() {}

    /** The variables of a checked expression. */
    public static Set<String> in(String expression) {
        try {
            Set<String> names = new TreeSet<>();
            CelNavigableAst.fromAst(Cel.PARSER.parse(expression).getAst())
                    .getRoot()
                    .allNodes()
                    .filter(node -> node.getKind() == Kind.IDENT)
                    .forEach(node -> names.add(node.expr().ident().name()));
            return names;
        } catch (CelValidationException e) {
            throw new IllegalArgumentException("Expected an expression that was checked, but it is " + expression, e);
        }
    }
}

package dev.flujo.core.plan.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the expressions of one file: their syntax, the names they use, and whether their values fit together. */
public final class Expressions {

    private final Map<String, Checked> checked = new HashMap<>();

    /** What is known of an expression wherever it stands: its tree, its type, and what is wrong with it in itself. */
    private record Checked(
            Optional<CelAbstractSyntaxTree> tree,
            Optional<CelType> type,
            Optional<Finding> syntax,
            Optional<Finding> types) {}

    /** What is wrong with an expression in this scope; nothing if it is right. */
    public List<Finding> check(String expression, Scope scope, Wanted wanted) {
        if (expression.isBlank()) {
            return List.of(Finding.of(
                    0, "Expected an expression, but there is none; write one, such as" + " `event.branch == 'main'`."));
        }
        if (!checked.containsKey(expression) && checked.size() >= Limits.EXPRESSIONS) {
            return List.of(Finding.of(
                    0,
                    "Expected at most " + Limits.EXPRESSIONS
                            + " different expressions in a file, but there are more; use the same ones, "
                            + "or compute in a script."));
        }
        Checked known = checked.computeIfAbsent(expression, Expressions::checked);
        if (known.syntax().isPresent()) {
            return List.of(known.syntax().get());
        }
        List<Finding> names = new NameCheck(known.tree().orElseThrow(), scope, expression).findings();
        if (!names.isEmpty()) {
            return names;
        }
        if (known.types().isPresent()) {
            return List.of(known.types().get());
        }
        return unwanted(known.type().orElseThrow(), wanted).or(() -> unwantedField(expression, wanted)).stream()
                .toList();
    }

    /** What is wrong with the expressions of a text in which they are replaced. */
    public List<Finding> checkText(String text, Scope scope) {
        Template template = Template.of(text);
        if (template.unclosed() >= 0) {
            return List.of(Finding.of(
                    template.unclosed(),
                    "Expected `}}` after `${{`, but the text ends without it; close the expression."));
        }
        List<Finding> findings = new ArrayList<>();
        for (Template.Part part : template.parts()) {
            if (part.expression()) {
                check(part.text(), scope, Wanted.TEXT).forEach(finding -> findings.add(finding.later(part.offset())));
            }
        }
        return findings;
    }

    private static Checked checked(String expression) {
        CelValidationResult parsed = Cel.PARSER.parse(expression);
        if (parsed.hasError()) {
            CelIssue first = parsed.getErrors().get(0);
            return new Checked(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(Issues.syntax(first, expression)),
                    Optional.empty());
        }
        try {
            CelAbstractSyntaxTree tree = parsed.getAst();
            CelValidationResult typed = Cel.CHECKER.check(tree);
            if (typed.hasError()) {
                Finding issue = Issues.types(typed.getErrors().get(0), expression);
                return new Checked(Optional.of(tree), Optional.empty(), Optional.empty(), Optional.of(issue));
            }
            return new Checked(
                    Optional.of(tree), Optional.of(typed.getAst().getResultType()), Optional.empty(), Optional.empty());
        } catch (dev.cel.common.CelValidationException e) {
            throw new AssertionError("a result without errors has a tree", e);
        }
    }

    /** A field of the event alone: CEL does not know what it holds, but Flujo does. */
    private static Optional<Finding> unwantedField(String expression, Wanted wanted) {
        return wanted == Wanted.CONDITION && EventField.isNoCondition(expression)
                ? Optional.of(Finding.of(
                        0,
                        "Expected an expression that gives true or false, but " + Quote.of(expression)
                                + " is neither; compare it with something."))
                : Optional.empty();
    }

    private static Optional<Finding> unwanted(CelType type, Wanted wanted) {
        boolean fits = type.kind() == CelKind.DYN
                || switch (wanted) {
                    case CONDITION -> type.kind() == CelKind.BOOL;
                    case LIST -> type.kind() == CelKind.LIST;
                    case TEXT -> type.kind() != CelKind.NULL_TYPE;
                };
        return fits
                ? Optional.empty()
                : Optional.of(Finding.of(
                        0,
                        "Expected an expression that gives " + wanted.described() + ", but this one"
                                + " gives " + Issues.described(type.kind().name()) + "; "
                                + (wanted == Wanted.CONDITION ? "compare it with something." : "correct it.")));
    }
}

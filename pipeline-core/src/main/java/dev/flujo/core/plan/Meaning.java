package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Expressions;
import dev.flujo.core.plan.expression.Finding;
import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.expression.Template;
import dev.flujo.core.plan.expression.Wanted;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Place;
import dev.flujo.core.plan.yaml.Problems;
import java.util.Collection;
import java.util.List;

/** Checks the expressions that stand in a file's texts, and reports them where they stand. */
final class Meaning {

    private final Problems problems;
    private final Expressions expressions;

    Meaning(Problems problems, Expressions expressions) {
        this.problems = problems;
        this.expressions = expressions;
    }

    /** The text is an expression that is true or false. */
    void condition(Node.Scalar text, Scope scope) {
        report(text, expressions.check(text.text(), scope, Wanted.CONDITION));
    }

    /** The text may hold expressions. */
    void text(Node.Scalar text, Scope scope) {
        if (Template.hasExpressions(text.text())) {
            report(text, expressions.checkText(text.text(), scope));
        }
    }

    void texts(Collection<Node.Scalar> texts, Scope scope) {
        texts.forEach(text -> text(text, scope));
    }

    /** The text is {@code ${{ }}} around one expression, which gives a list; its inside is given back. */
    String list(Node.Scalar text, Scope scope) {
        Template template = Template.of(text.text());
        if (!template.single()) {
            problems.add(
                    text,
                    "Expected one expression that gives a list, but it is " + text.described() + "; write `${{ … }}`"
                            + " around all of it.");
            return "";
        }
        Template.Part part = template.parts().get(0);
        report(
                text,
                expressions.check(part.text(), scope, Wanted.LIST).stream()
                        .map(finding ->
                                new Finding(finding.offset() + part.offset(), finding.message(), finding.suggestion()))
                        .toList());
        return part.text();
    }

    /** A default that several jobs take is reported once. */
    private void report(Node.Scalar text, List<Finding> findings) {
        if (problems.refused(text)) {
            return;
        }
        for (Finding finding : findings) {
            problems.mark(text);
            problems.add(place(text, finding.offset()), text.path(), finding.message(), finding::suggestion);
        }
    }

    /** Exact where the text stands in the file as it is; its beginning where quotes or line ends are between. */
    private static Place place(Node.Scalar text, int offset) {
        boolean exact = text.plain() && text.text().indexOf('\n') < 0;
        return exact ? new Place(text.place().line(), text.place().column() + offset) : text.place();
    }
}

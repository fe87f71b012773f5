package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import java.util.List;
import java.util.Optional;

/** Checks what the keys of one mapping demand of each other. */
final class RuleCheck {

    private final Problems problems;
    private final Vocabulary vocabulary;

    RuleCheck(Problems problems, Vocabulary vocabulary) {
        this.problems = problems;
        this.vocabulary = vocabulary;
    }

    void check(Node.Fields mapping, String name, Node at) {
        for (Shape.Rule rule : vocabulary.keys().rules()) {
            if (rule instanceof Shape.Rule.OneOf one) {
                oneOf(one, mapping, name, at);
            } else if (rule instanceof Shape.Rule.AnyOf any) {
                anyOf(any, mapping, name, at);
            } else if (rule instanceof Shape.Rule.Alone alone) {
                alone(alone, mapping, name);
            } else if (rule instanceof Shape.Rule.Needs needs) {
                needs(needs, mapping, name);
            } else {
                throw new AssertionError("unhandled rule " + rule);
            }
        }
    }

    private void oneOf(Shape.Rule.OneOf rule, Node.Fields mapping, String name, Node at) {
        List<Node.Field> there = fields(mapping, rule.keys());
        if (there.isEmpty() && missing(rule.keys(), mapping)) {
            problems.add(
                    at.place(),
                    at.path(),
                    "Expected " + Quote.all(rule.keys(), "or") + " in " + name + ", but it has "
                            + (rule.keys().size() == 2 ? "neither" : "none of them") + "; add one.");
        } else if (there.size() > 1) {
            problems.add(
                    there.get(1).key(),
                    "Expected only one of " + Quote.all(rule.keys(), "and") + ", but " + name + " has "
                            + Quote.all(there.stream().map(Node.Field::name).toList(), "and") + "; " + rule.remedy()
                            + ".");
        }
    }

    private void anyOf(Shape.Rule.AnyOf rule, Node.Fields mapping, String name, Node at) {
        if (fields(mapping, rule.keys()).isEmpty() && missing(rule.keys(), mapping)) {
            problems.add(
                    at.place(),
                    at.path(),
                    "Expected " + Quote.all(rule.keys(), "or") + " in " + name + ", but it has none; " + rule.remedy()
                            + ".");
        }
    }

    private void alone(Shape.Rule.Alone rule, Node.Fields mapping, String name) {
        if (ShapeCheck.has(mapping, rule.key())) {
            fields(mapping, rule.others())
                    .forEach(field -> problems.add(
                            field.key(),
                            "Expected no " + Quote.of(field.name()) + " beside `" + rule.key() + "`, but " + name
                                    + " has both; " + rule.remedy() + "."));
        }
    }

    private void needs(Shape.Rule.Needs rule, Node.Fields mapping, String name) {
        Optional<Node.Field> field =
                fields(mapping, List.of(rule.key())).stream().findFirst();
        if (field.isPresent() && fields(mapping, rule.others()).isEmpty() && missing(rule.others(), mapping)) {
            problems.add(
                    field.get().key(),
                    "Expected `" + rule.key() + "` only beside " + Quote.all(rule.others(), "or") + ", but " + name
                            + " has none; add one or remove it.");
        }
    }

    /** Whether none of the keys is there in other words either: one problem is enough then. */
    private boolean missing(List<String> keys, Node.Fields mapping) {
        return keys.stream().noneMatch(key -> vocabulary.hinted(mapping, key));
    }

    private static List<Node.Field> fields(Node.Fields mapping, List<String> keys) {
        return mapping.fields().stream()
                .filter(field -> keys.contains(field.name()))
                .toList();
    }
}

package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Place;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares nodes with shapes, and reports whatever has another one. */
public final class ShapeCheck {

    private final Problems problems;
    private final TextCheck texts;

    public ShapeCheck(Problems problems) {
        this.problems = problems;
        this.texts = new TextCheck(problems);
    }

    /** Checks a node that is called {@code name} in messages, and everything in it. */
    public void check(Shape shape, Node node, String name) {
        check(shape, node, name, node);
    }

    /** What a mapping as a whole lacks is reported {@code at} its key, where it has one. */
    private void check(Shape shape, Node node, String name, Node at) {
        if (node instanceof Node.Unreadable) {
            return;
        }
        if (shape instanceof Shape.Items items) {
            items(items, node, name);
        } else if (shape instanceof Shape.Table table) {
            table(table, node, name);
        } else if (shape instanceof Shape.Keys keys) {
            keys(keys, node, name, at);
        } else if (shape instanceof Shape.Forms forms) {
            forms(forms, node, name, at);
        } else {
            texts.check(shape, node, name);
        }
    }

    private void forms(Shape.Forms forms, Node node, String name, Node at) {
        Optional<Shape> fitting = Optional.empty();
        if (node instanceof Node.Items) {
            fitting = forms.list();
        } else if (node instanceof Node.Fields) {
            fitting = forms.mapping();
        } else if (node instanceof Node.Scalar scalar && scalar.absent()) {
            if (forms.nothing()) {
                return;
            }
        } else {
            fitting = forms.text();
        }
        if (fitting.isEmpty()) {
            texts.refuse(node, "Expected " + name + " " + forms.described());
        } else if (!texts.refusedWithoutBrackets(forms, node, name)) {
            check(fitting.get(), node, name, at);
        }
    }

    private void items(Shape.Items shape, Node node, String name) {
        if (!(node instanceof Node.Items list)) {
            texts.refuse(node, "Expected " + name + " as a list" + such(shape.example()));
            return;
        }
        int size = list.items().size();
        if (size < shape.least()) {
            problems.add(
                    node,
                    size == 0
                            ? "Expected at least one entry in " + name
                                    + ", but the list is empty; add one or remove the key."
                            : "Expected at least " + shape.least() + " entries in " + name + ", but there "
                                    + (size == 1 ? "is " : "are ") + size + "; add more.");
        }
        if (size > shape.most()) {
            problems.add(
                    node,
                    "Expected at most " + shape.most() + " entries in " + name + ", but there are " + size
                            + "; remove some.");
        }
        Map<String, Place> seen = new HashMap<>();
        for (Node item : list.items().subList(0, Math.min(size, shape.most()))) {
            check(shape.item(), item, "an entry of " + name);
            if (shape.different()) {
                checkNew(item, name, seen);
            }
        }
    }

    private void checkNew(Node item, String name, Map<String, Place> seen) {
        if (item instanceof Node.Scalar scalar && !problems.refused(item)) {
            Place first = seen.putIfAbsent(scalar.text(), scalar.place());
            if (first != null) {
                problems.add(
                        scalar,
                        "Expected each entry of " + name + " once, but " + scalar.described() + " is already on line "
                                + first.line() + "; remove one of them.");
            }
        }
    }

    private void table(Shape.Table shape, Node node, String name) {
        if (!(node instanceof Node.Fields mapping)) {
            texts.refuse(node, "Expected " + name + " as a mapping of keys to values");
            return;
        }
        List<Node.Field> free = mapping.fields().stream()
                .filter(field -> fixed(shape, field.name()).isEmpty())
                .toList();
        mapping.fields().forEach(field -> fixed(shape, field.name())
                .ifPresent(key -> check(key.shape(), field.value(), "`" + key.name() + "`")));
        String one = shape.things().get(0);
        if (free.size() < shape.least() && mapping.fields().size() == free.size()) {
            problems.add(node, "Expected at least one " + one + ", but " + name + " is empty; add one.");
        }
        if (free.size() > shape.most()) {
            problems.add(
                    node,
                    "Expected at most " + shape.most() + " " + shape.things().get(1) + ", but there are " + free.size()
                            + "; " + shape.remedy() + ".");
            return;
        }
        for (Node.Field field : free) {
            texts.checkKey(shape.key(), field.key());
            check(shape.value(), field.value(), one + " " + Quote.of(field.name()), field.key());
        }
    }

    private static Optional<Key> fixed(Shape.Table shape, String name) {
        return shape.fixed().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    private void keys(Shape.Keys shape, Node node, String name, Node at) {
        if (!(node instanceof Node.Fields mapping)) {
            texts.refuse(
                    node,
                    "Expected " + name
                            + shape.example()
                                    .map(example -> " as a mapping" + such(example))
                                    .orElse(" as a mapping of keys to values"));
            return;
        }
        Vocabulary vocabulary = new Vocabulary(shape);
        for (Node.Field field : mapping.fields()) {
            Optional<Key> key = shape.key(field.name());
            if (key.isPresent()) {
                check(key.get().shape(), field.value(), "`" + field.name() + "`");
            } else {
                problems.add(
                        field.key(),
                        vocabulary.refusal(field.name()).orElseThrow(),
                        () -> vocabulary.meant(field.name()));
            }
        }
        for (Key key : shape.keys()) {
            if (key.required() && !has(mapping, key.name()) && !vocabulary.hinted(mapping, key.name())) {
                problems.add(
                        at.place(),
                        at.path(),
                        "Expected `" + key.name() + "` in " + name + ", but it has none; add it, " + key.hint() + ".");
            }
        }
        new RuleCheck(problems, vocabulary).check(mapping, name, at);
    }

    static boolean has(Node.Fields mapping, String key) {
        return mapping.fields().stream().anyMatch(field -> field.name().equals(key));
    }

    private static String such(String example) {
        return example.isEmpty() ? "" : " such as `" + example + "`";
    }
}

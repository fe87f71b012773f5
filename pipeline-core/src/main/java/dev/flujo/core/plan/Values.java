package dev.flujo.core.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Takes from nodes what a key wants, and reports what is there instead. */
final class Values {

    /** What other systems write between {@code ${{ }}} for something that Flujo has as an environment variable. */
    private static final Map<String, String> VARIABLES = new TreeMap<>(Map.of(
            "github.sha", "$FLUJO_COMMIT",
            "github.ref_name", "$FLUJO_BRANCH",
            "github.run_id", "$FLUJO_RUN"));

    private final Problems problems;

    Values(Problems problems) {
        this.problems = problems;
    }

    /** The fields of a mapping that only may have the vocabulary's keys; none when it is no mapping. */
    Map<String, Node.Field> fields(Node node, String name, Vocabulary vocabulary) {
        Map<String, Node.Field> known = new TreeMap<>();
        for (Node.Field field : mapping(node, name)) {
            Optional<String> refusal = vocabulary.refusal(field.name());
            if (refusal.isPresent()) {
                problems.add(field.key(), refusal.get(), () -> vocabulary.meant(field.name()));
            } else {
                known.put(field.name(), field);
            }
        }
        return known;
    }

    /** Whether a refused key of this mapping is the wanted one in other words: one problem is enough then. */
    boolean hinted(Node node, String wanted, Vocabulary vocabulary) {
        return node instanceof Node.Fields fields
                && fields.fields().stream().map(Node.Field::name).anyMatch(key -> vocabulary.leads(key, wanted));
    }

    List<Node.Field> mapping(Node node, String name) {
        if (node instanceof Node.Fields fields) {
            return fields.fields();
        }
        refuse(node, "Expected " + name + " as a mapping of keys to values");
        return List.of();
    }

    /** A text that is not empty, not longer than so many characters, and without expressions of other systems. */
    Optional<Node.Scalar> text(Node node, String name, int longest) {
        return possiblyEmptyText(node, name, longest).filter(scalar -> {
            if (scalar.text().isBlank()) {
                problems.add(node, "Expected " + name + " as text, but it is blank; fill it in.");
                return false;
            }
            return true;
        });
    }

    Optional<Node.Scalar> possiblyEmptyText(Node node, String name, int longest) {
        if (!(node instanceof Node.Scalar scalar) || scalar.absent()) {
            refuse(node, "Expected " + name + " as text");
            return Optional.empty();
        }
        int length = scalar.text().codePointCount(0, scalar.text().length());
        if (length > longest) {
            problems.add(
                    node,
                    "Expected " + name + " with at most " + longest + " characters, but it has " + length
                            + "; shorten it.");
            return Optional.empty();
        }
        int expression = scalar.text().indexOf("${{");
        if (expression >= 0) {
            refuseExpression(scalar, scalar.text().substring(expression));
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    private void refuseExpression(Node.Scalar scalar, String text) {
        int end = text.indexOf("}}");
        String expression = end < 0 ? text : text.substring(0, end + 2);
        String inner = end < 0 ? "" : text.substring(3, end).strip();
        problems.add(
                scalar,
                "Expected text as it shall be, but Flujo does not replace " + Quote.of(expression)
                        + "; scripts read values from environment variables, such as `$FLUJO_COMMIT` or those of"
                        + " `env`.",
                () -> variable(inner));
    }

    private static Optional<String> variable(String expression) {
        if (expression.matches("(env|vars)\\.[A-Za-z_][A-Za-z0-9_]{0,100}")) {
            return Optional.of("$" + expression.substring(expression.indexOf('.') + 1));
        }
        return Optional.ofNullable(VARIABLES.get(expression));
    }

    /** One text or a list of them, none empty and none twice. */
    List<Node.Scalar> texts(Node node, String name, int most) {
        if (node instanceof Node.Scalar scalar && !scalar.absent()) {
            return text(node, name, Limits.PATTERN).map(List::of).orElse(List.of());
        }
        if (!(node instanceof Node.Items items)) {
            refuse(node, "Expected " + name + " as text or a list of texts");
            return List.of();
        }
        if (items.items().isEmpty()) {
            problems.add(
                    node,
                    "Expected at least one entry in " + name + ", but the list is empty; add one or remove the key.");
        }
        Map<String, Place> seen = new TreeMap<>();
        List<Node.Scalar> texts = new ArrayList<>();
        for (Node item : atMost(most, items, name)) {
            text(item, "an entry of " + name, Limits.PATTERN)
                    .filter(scalar -> isNew(scalar, name, seen))
                    .ifPresent(texts::add);
        }
        return texts;
    }

    private boolean isNew(Node.Scalar scalar, String name, Map<String, Place> seen) {
        Place first = seen.putIfAbsent(scalar.text(), scalar.place());
        if (first != null) {
            problems.add(
                    scalar,
                    "Expected each entry of " + name + " once, but " + scalar.described() + " is already on line "
                            + first.line() + "; remove one of them.");
        }
        return first == null;
    }

    List<Node> atMost(int most, Node.Items items, String name) {
        if (items.items().size() <= most) {
            return items.items();
        }
        problems.add(
                items,
                "Expected at most " + most + " entries in " + name + ", but there are "
                        + items.items().size() + "; remove some.");
        return items.items().subList(0, most);
    }

    /** Says what was expected and what is there; stays silent where that is reported already. */
    void refuse(Node node, String expected) {
        if (!(node instanceof Node.Unreadable)) {
            boolean absent = node instanceof Node.Scalar scalar && scalar.absent();
            String remedy = absent ? "; fill it in." : "; correct it.";
            problems.add(node, expected + ", but it is " + node.described() + remedy);
        }
    }
}

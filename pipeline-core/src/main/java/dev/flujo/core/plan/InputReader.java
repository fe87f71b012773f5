package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import dev.flujo.event.plan.Input;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code inputs}, and the values that triggers and templates are given for them. */
final class InputReader {

    private final Problems problems;

    InputReader(Problems problems) {
        this.problems = problems;
    }

    Map<String, Input> read(Fields fields) {
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (Node.Field field : fields.all()) {
            inputs.put(field.name(), input(field, new Fields(field.value(), problems)));
        }
        return inputs;
    }

    private Input input(Node.Field field, Fields fields) {
        Input.Kind kind = fields.word("type", Input.Kind.class, Input.Kind.STRING);
        List<String> options = fields.texts("options");
        if ((kind == Input.Kind.CHOICE) != fields.has("options")) {
            problems.add(
                    fields.field("options").map(Node.Field::key).orElse(field.key()),
                    kind == Input.Kind.CHOICE
                            ? "Expected `options` of a choice, but input " + Quote.of(field.name())
                                    + " has none; add them."
                            : "Expected `options` of a choice, but input " + Quote.of(field.name())
                                    + " is none; write `type: choice`.");
        }
        Input input = new Input(
                kind, fields.flag("required", false), fields.text("default"), options, fields.text("description"));
        if (input.required() && fields.has("default")) {
            problems.add(
                    fields.field("required").orElseThrow().key(),
                    "Expected either `required` or `default`, but input " + Quote.of(field.name())
                            + " has both; remove one of them.");
        }
        fields.scalar("default").ifPresent(value -> checkValue(value, field.name(), input));
        return input;
    }

    /** Checks values against the inputs that they are for; texts with expressions only for their names. */
    void checkValues(Map<String, Node.Scalar> values, Fields given, Map<String, Input> inputs, String owner) {
        for (Node.Field field : given.all()) {
            Input input = inputs.get(field.name());
            if (input == null && !problems.refused(field.key())) {
                problems.add(
                        field.key(),
                        "Expected an input of " + owner + ", but it has no " + Quote.of(field.name())
                                + "; correct or remove it.",
                        () -> Spelling.nearest(field.name(), inputs.keySet()));
            } else if (input != null && values.containsKey(field.name())) {
                checkValue(values.get(field.name()), field.name(), input);
            }
        }
    }

    /** The first input that needs a value and gets none. */
    static Optional<String> missing(Map<String, Input> inputs, Fields given) {
        return inputs.entrySet().stream()
                .filter(entry -> entry.getValue().required() && !given.has(entry.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void checkValue(Node.Scalar value, String name, Input input) {
        if (value.text().contains("${{")) {
            return;
        }
        InputValues.refusal(input, value.text())
                .ifPresent(expected -> problems.add(
                        value,
                        "Expected " + expected + " for input " + Quote.of(name) + ", but it is " + value.described()
                                + "; correct it.",
                        () -> Spelling.nearest(value.text(), input.options())));
    }
}

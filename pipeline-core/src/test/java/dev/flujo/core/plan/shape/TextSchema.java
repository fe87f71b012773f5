package dev.flujo.core.plan.shape;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.core.plan.shape.Shape.Text.Expressions;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Says one text as a JSON Schema. Editors read numbers where Flujo reads their text, so both are allowed where both fit. */
record TextSchema(Shape.Text text) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MOST_DIGITS = 18;

    ObjectNode schema() {
        ObjectNode schema = JSON.objectNode();
        schema.set("type", types());
        schema.put("maxLength", text.longest());
        if (!text.format().accepts("-5")) {
            schema.put("minimum", 0);
        }
        mostDigits().ifPresent(digits -> schema.put("maximum", Long.parseLong("9".repeat(digits))));
        ArrayNode all = JSON.arrayNode();
        if (!text.empty()) {
            all.addObject().put("pattern", TextCheck.FILLED.pattern());
        }
        if (text.expressions() == Expressions.REFUSED) {
            all.add(not(Pasting.PATTERN.pattern()));
        }
        if (text.expressions() == Expressions.REPLACED) {
            ArrayNode ways = all.addObject().putArray("anyOf");
            ways.add(PipelineSchema.kind("string").put("pattern", "\\$\\{\\{"));
            ways.add(not(Pasting.PATTERN.pattern()));
        }
        if (text.expressions() == Expressions.ITSELF) {
            all.add(not("\\$\\{\\{"));
        }
        if (text.format().rules().isEmpty()) {
            return all.isEmpty() ? schema : schema.set("allOf", all);
        }
        ArrayNode rules = JSON.arrayNode();
        text.format().rules().forEach(rule -> rules.add(rule(rule)));
        if (text.expressions() == Expressions.REPLACED) {
            ArrayNode ways = JSON.arrayNode();
            ways.add(PipelineSchema.kind("string").put("pattern", "\\$\\{\\{"));
            ways.addObject().set("allOf", rules);
            all.addObject().set("anyOf", ways);
        } else {
            all.addAll(rules);
        }
        return schema.set("allOf", all);
    }

    static ObjectNode rule(Format.Rule rule) {
        return rule.wanted()
                ? JSON.objectNode().put("pattern", rule.pattern().pattern())
                : not(rule.pattern().pattern());
    }

    /** How many digits a number may have, where the format takes only so many: patterns are for texts alone. */
    private OptionalInt mostDigits() {
        return IntStream.range(1, MOST_DIGITS)
                .filter(digits -> text.format().accepts("9".repeat(digits))
                        && !text.format().accepts("9".repeat(digits + 1)))
                .findFirst();
    }

    private ArrayNode types() {
        ArrayNode types = JSON.arrayNode().add("string");
        Format format = text.format();
        if (List.of("0", "1", "1.5").stream().allMatch(format::accepts)) {
            types.add("number");
        } else if (List.of("0", "1", "12").stream().allMatch(format::accepts)) {
            types.add("integer");
        }
        if (format.accepts("true")) {
            types.add("boolean");
        }
        return types;
    }

    private static ObjectNode not(String pattern) {
        ObjectNode refused = JSON.objectNode();
        refused.set("not", PipelineSchema.kind("string").put("pattern", pattern));
        return refused;
    }
}

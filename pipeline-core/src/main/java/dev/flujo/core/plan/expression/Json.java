package dev.flujo.core.plan.expression;

import dev.cel.common.values.NullValue;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON, between texts and the values of expressions. */
final class Json {

    private Json() {}

    /** The value of a text; JSON is YAML, so the same reader with the same bounds reads it. */
    static Object read(String text) {
        Problems problems = new Problems();
        Node root = YamlFile.read(text, problems)
                .orElseThrow(() -> new IllegalArgumentException(
                        "Expected JSON, but it is none: " + problems.inOrder().get(0)));
        if (!problems.none()) {
            throw new IllegalArgumentException(
                    "Expected JSON, but it is none: " + problems.inOrder().get(0));
        }
        return value(root);
    }

    /** The text of a value. */
    static String written(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + written(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Json::written).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof String text ? quoted(text) : plain(value);
    }

    /** As a person would write it: whole numbers without a fraction. */
    static String plain(Object value) {
        if (value instanceof NullValue) {
            return "null";
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        return String.valueOf(value);
    }

    private static Object value(Node node) {
        if (node instanceof Node.Fields mapping) {
            Map<String, Object> map = new LinkedHashMap<>();
            mapping.fields().forEach(field -> map.put(field.name(), value(field.value())));
            return map;
        }
        if (node instanceof Node.Items list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(value(item)));
            return items;
        }
        if (node instanceof Node.Scalar scalar) {
            return scalar.plain() ? scalar(scalar.text()) : scalar.text();
        }
        throw new AssertionError("unhandled node " + node);
    }

    private static Object scalar(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> NullValue.NULL_VALUE;
            default -> Numbers.read(text);
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}

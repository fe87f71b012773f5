package dev.flujo.core.plan.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.core.plan.yaml.Node;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;

/** Trees of a file as editors see them, and as text. */
final class Trees {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

    private Trees() {}

    /** By the core schema of YAML 1.2, which is what editors go by. */
    static JsonNode json(Node node) {
        if (node instanceof Node.Fields mapping) {
            ObjectNode object = JSON.objectNode();
            mapping.fields().forEach(field -> object.set(field.name(), json(field.value())));
            return object;
        }
        if (node instanceof Node.Items list) {
            ArrayNode array = JSON.arrayNode();
            list.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Node.Scalar scalar = (Node.Scalar) node;
        String text = scalar.text();
        if (!scalar.plain()) return JSON.textNode(text);
        if (scalar.absent()) return JSON.nullNode();
        if (TRUE.contains(text)) return JSON.booleanNode(true);
        if (FALSE.contains(text)) return JSON.booleanNode(false);
        if (text.matches("[-+]?[0-9]+")) return JSON.numberNode(new BigInteger(text));
        if (text.matches("0o[0-7]+")) return JSON.numberNode(new BigInteger(text.substring(2), 8));
        if (text.matches("0x[0-9a-fA-F]+")) return JSON.numberNode(new BigInteger(text.substring(2), 16));
        if (text.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")) {
            return JSON.numberNode(new BigDecimal(text));
        }
        return JSON.textNode(text);
    }

    /** As YAML in flow style, for a person who looks at a failure. */
    static String written(Node node) {
        if (node instanceof Node.Fields mapping) {
            StringBuilder text = new StringBuilder("{");
            mapping.fields().forEach(field -> text.append(JSON.textNode(field.name()))
                    .append(": ")
                    .append(written(field.value()))
                    .append(", "));
            return text.append("}").toString();
        }
        if (node instanceof Node.Items list) {
            StringBuilder text = new StringBuilder("[");
            list.items().forEach(item -> text.append(written(item)).append(", "));
            return text.append("]").toString();
        }
        Node.Scalar scalar = (Node.Scalar) node;
        return scalar.plain() ? scalar.text() : JSON.textNode(scalar.text()).toString();
    }
}

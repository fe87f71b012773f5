package dev.flujo.core.plan.shape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says the shapes of a file as a JSON Schema (draft 2020-12), for editors. */
final class PipelineSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final IdentityHashMap<Shape, Integer> uses = new IdentityHashMap<>();
    private final IdentityHashMap<Shape, String> names = new IdentityHashMap<>();
    private final Map<String, ObjectNode> definitions = new TreeMap<>();

    private PipelineSchema() {}

    static JsonNode of(Shape.Keys root, String name, String title) {
        ObjectNode schema = JSON.objectNode()
                .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("$id", "https://flujo.dev/schemas/" + name + ".json")
                .put("title", title);
        PipelineSchema writer = new PipelineSchema();
        writer.count(root);
        schema.setAll(writer.object(root));
        ObjectNode defined = schema.putObject("$defs");
        writer.definitions.forEach(defined::set);
        return schema;
    }

    /** What is used at several places, or is a mapping of known keys, is defined once, under the name it has there. */
    private ObjectNode of(Shape shape, String name) {
        boolean shared = uses.getOrDefault(shape, 0) > 1 && !(shape instanceof Shape.Flag);
        if (!shared && !(shape instanceof Shape.Keys)) {
            return plain(shape, name);
        }
        String known = names.get(shape);
        if (known == null) {
            known = free(name);
            names.put(shape, known);
            definitions.put(known, JSON.objectNode());
            definitions.put(known, plain(shape, name));
        }
        return JSON.objectNode().put("$ref", "#/$defs/" + known);
    }

    private ObjectNode plain(Shape shape, String name) {
        if (shape instanceof Shape.Text text) return new TextSchema(text).schema();
        if (shape instanceof Shape.Word word) return words(word.words());
        if (shape instanceof Shape.Whole whole) return whole(whole);
        if (shape instanceof Shape.Span span) return span(span);
        if (shape instanceof Shape.Flag) return words(List.of("true", "false"));
        if (shape instanceof Shape.Bare bare) return words(bare.words());
        if (shape instanceof Shape.Items items) return items(items, name);
        if (shape instanceof Shape.Table table) return table(table, name);
        if (shape instanceof Shape.Keys keys) return object(keys);
        if (shape instanceof Shape.Forms forms) return forms(forms, name);
        throw new AssertionError("unhandled shape " + shape);
    }

    private String free(String name) {
        String free = name;
        for (int i = 2; definitions.containsKey(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    private void count(Shape shape) {
        if (uses.merge(shape, 1, Integer::sum) > 1) {
            return;
        }
        if (shape instanceof Shape.Items items) {
            count(items.item());
        } else if (shape instanceof Shape.Table table) {
            count(table.value());
            table.fixed().forEach(key -> count(key.shape()));
        } else if (shape instanceof Shape.Keys keys) {
            keys.keys().forEach(key -> count(key.shape()));
        } else if (shape instanceof Shape.Forms forms) {
            forms.text().ifPresent(this::count);
            forms.list().ifPresent(this::count);
            forms.mapping().ifPresent(this::count);
        }
    }

    private ObjectNode object(Shape.Keys keys) {
        ObjectNode schema = kind("object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (Key key : keys.keys()) {
            ObjectNode property = of(key.shape(), key.name());
            property.put("description", described(key));
            properties.set(key.name(), property);
            if (key.required()) {
                required.add(key.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.put("additionalProperties", false);
        rules(keys, schema);
        return schema;
    }

    private static String described(Key key) {
        String says = Character.toUpperCase(key.says().charAt(0)) + key.says().substring(1) + ".";
        return key.required() ? says : says + " Otherwise: " + key.otherwise() + ".";
    }

    private static void rules(Shape.Keys keys, ObjectNode schema) {
        ArrayNode all = JSON.arrayNode();
        ObjectNode dependent = JSON.objectNode();
        for (Shape.Rule rule : keys.rules()) {
            if (rule instanceof Shape.Rule.OneOf one) {
                all.addObject().set("oneOf", required(one.keys()));
            } else if (rule instanceof Shape.Rule.AnyOf any) {
                all.addObject().set("anyOf", required(any.keys()));
            } else if (rule instanceof Shape.Rule.Alone alone) {
                ObjectNode refused = JSON.objectNode();
                alone.others().forEach(other -> refused.put(other, false));
                all.addObject()
                        .putObject("dependentSchemas")
                        .putObject(alone.key())
                        .set("properties", refused);
            } else if (rule instanceof Shape.Rule.Needs needs) {
                dependent.putObject(needs.key()).set("anyOf", required(needs.others()));
            } else {
                throw new AssertionError("unhandled rule " + rule);
            }
        }
        if (!dependent.isEmpty()) {
            schema.set("dependentSchemas", dependent);
        }
        if (!all.isEmpty()) {
            schema.set("allOf", all);
        }
    }

    private static ArrayNode required(List<String> keys) {
        ArrayNode choices = JSON.arrayNode();
        keys.forEach(key -> choices.addObject().putArray("required").add(key));
        return choices;
    }

    private ObjectNode table(Shape.Table table, String name) {
        ObjectNode schema = kind("object");
        if (!table.fixed().isEmpty()) {
            ObjectNode properties = schema.putObject("properties");
            for (Key key : table.fixed()) {
                properties.set(key.name(), of(key.shape(), key.name()).put("description", described(key)));
            }
        }
        ArrayNode names = JSON.arrayNode();
        table.key().rules().forEach(rule -> names.add(TextSchema.rule(rule)));
        schema.putObject("propertyNames").set("allOf", names);
        schema.set("additionalProperties", of(table.value(), singular(name)));
        if (table.least() > 0) {
            schema.put("minProperties", table.least());
        }
        return schema.put("maxProperties", table.most() + table.fixed().size());
    }

    private ObjectNode items(Shape.Items items, String name) {
        ObjectNode schema = kind("array").set("items", of(items.item(), singular(name)));
        schema.put("minItems", items.least()).put("maxItems", items.most());
        return items.different() ? schema.put("uniqueItems", true) : schema;
    }

    private ObjectNode forms(Shape.Forms forms, String name) {
        ObjectNode schema = JSON.objectNode();
        ArrayNode ways = schema.putArray("anyOf");
        for (Optional<Shape> form : List.of(forms.text(), forms.list(), forms.mapping())) {
            form.ifPresent(shape -> ways.add(of(shape, name)));
        }
        if (forms.nothing()) {
            ways.add(kind("null"));
        }
        return schema;
    }

    private static ObjectNode whole(Shape.Whole whole) {
        String negative = whole.least() < 0 ? "-" + NumberPattern.between(1, -whole.least()) + "|" : "";
        String positive = NumberPattern.between(Math.max(0, whole.least()), whole.most());
        ObjectNode schema = JSON.objectNode();
        ArrayNode ways = schema.putArray("anyOf");
        ways.add(kind("integer").put("minimum", whole.least()).put("maximum", whole.most()));
        ways.add(kind("string").put("pattern", "^(?:" + negative + positive + ")$"));
        return schema;
    }

    private static ObjectNode words(List<String> words) {
        ObjectNode schema = JSON.objectNode();
        ArrayNode choices = schema.putArray("enum");
        for (String word : words) {
            if (word.equals("true") || word.equals("false")) {
                choices.add(Boolean.parseBoolean(word));
            }
            choices.add(word);
        }
        return schema;
    }

    private static ObjectNode span(Shape.Span span) {
        return kind("string").put("pattern", "^(?:" + TimeSpan.pattern(span.shortest(), span.longest()) + ")$");
    }

    private static String singular(String name) {
        return name.endsWith("s") && name.length() > 3 ? name.substring(0, name.length() - 1) : name;
    }

    static ObjectNode kind(String name) {
        return JSON.objectNode().put("type", name);
    }
}

package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** A part of another system's file, with its line: a text, a list or a mapping. Anchors and merges are resolved. */
final class Part {

    private static final int MOST_PARTS = 100_000;
    private static final String MERGE = "<<";

    private final int line;
    private final Optional<String> text;
    private final List<Part> items;
    private final Map<String, Part> fields;

    private Part(int line, Optional<String> text, List<Part> items, Map<String, Part> fields) {
        this.line = line;
        this.text = text;
        this.items = items;
        this.fields = fields;
    }

    /**
     * The root of a file.
     *
     * @throws Conversion.Refused if it is no YAML, or no mapping
     */
    static Part read(String file) {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new FailsafeSchema()).build();
        try {
            Node root = new Compose(settings)
                    .composeString(file)
                    .orElseThrow(() -> new Conversion.Refused("Expected a pipeline file, but it is empty"));
            Part part = of(root, new int[] {0});
            if (part.fields.isEmpty()) {
                throw new Conversion.Refused("Expected a mapping of keys to values, but the file is none");
            }
            return part;
        } catch (YamlEngineException e) {
            throw new Conversion.Refused("Expected YAML, but "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Part of(Node node, int[] count) {
        if (++count[0] > MOST_PARTS) {
            throw new Conversion.Refused(
                    "Expected at most " + MOST_PARTS + " parts, but with its aliases there are more");
        }
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        if (node instanceof ScalarNode scalar) {
            return new Part(line, Optional.of(scalar.getValue()), List.of(), Map.of());
        }
        if (node instanceof SequenceNode sequence) {
            List<Part> items = new ArrayList<>();
            sequence.getValue().forEach(item -> items.add(of(item, count)));
            return new Part(line, Optional.empty(), items, Map.of());
        }
        Map<String, Part> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            Part key = of(tuple.getKeyNode(), count);
            Part value = of(tuple.getValueNode(), count);
            String name = key.text.orElse("");
            if (name.equals(MERGE)) {
                value.each().forEach(merged -> merged.fields.forEach(fields::putIfAbsent));
            } else {
                fields.put(name, new Part(key.line, value.text, value.items, value.fields));
            }
        }
        return new Part(line, Optional.empty(), List.of(), fields);
    }

    int line() {
        return line;
    }

    Optional<String> text() {
        return text;
    }

    boolean isMapping() {
        return text.isEmpty() && items.isEmpty() && !fields.isEmpty();
    }

    /** Its entries, if it is a list. */
    List<Part> items() {
        return items;
    }

    /** Its entries if it is a list; itself otherwise. */
    List<Part> each() {
        return items.isEmpty() ? List.of(this) : items;
    }

    /** The texts of a list, or the only one. */
    List<String> texts() {
        return each().stream()
                .flatMap(part -> part.items.isEmpty() ? part.text.stream() : part.texts().stream())
                .toList();
    }

    Map<String, Part> fields() {
        return fields;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    Optional<Part> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    Optional<String> text(String key) {
        return field(key).flatMap(Part::text);
    }

    List<String> texts(String key) {
        return field(key).map(Part::texts).orElse(List.of());
    }

    /** As maps, lists and texts. */
    Object plain() {
        if (text.isPresent()) {
            return text.get();
        }
        if (!fields.isEmpty()) {
            Map<String, Object> plain = new LinkedHashMap<>();
            fields.forEach((key, value) -> plain.put(key, value.plain()));
            return plain;
        }
        return items.stream().map(Part::plain).toList();
    }
}

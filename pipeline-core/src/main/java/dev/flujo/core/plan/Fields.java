package dev.flujo.core.plan;

import dev.flujo.core.plan.shape.TimeSpan;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The values of a mapping whose shape was checked; what was refused counts as if it were not there. */
final class Fields {

    private final Map<String, Node.Field> fields = new LinkedHashMap<>();
    private final Problems problems;

    Fields(Node node, Problems problems) {
        this.problems = problems;
        if (node instanceof Node.Fields mapping) {
            mapping.fields().forEach(field -> fields.put(field.name(), field));
        }
    }

    /** The same, with the entries of others where it has none of its own. */
    Fields or(Fields others, List<String> keys) {
        Fields all = new Fields(null, problems);
        all.fields.putAll(fields);
        keys.stream()
                .filter(key -> others.has(key))
                .forEach(key -> all.fields.putIfAbsent(key, others.fields.get(key)));
        return all;
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    Optional<Node.Field> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    Optional<Node> node(String key) {
        Node.Field field = fields.get(key);
        return field == null || problems.refused(field.value()) ? Optional.empty() : Optional.of(field.value());
    }

    /** The mapping that a key has; an empty one where it has another form. */
    Fields mapping(String key) {
        return new Fields(node(key).orElse(null), problems);
    }

    Optional<Node.Scalar> scalar(String key) {
        return node(key).flatMap(this::scalar);
    }

    Optional<String> text(String key) {
        return scalar(key).map(Node.Scalar::text);
    }

    /** One text or several. */
    List<Node.Scalar> scalars(String key) {
        Optional<Node> node = node(key);
        return node.isEmpty() ? List.of() : scalarsOf(node.get());
    }

    List<String> texts(String key) {
        return scalars(key).stream().map(Node.Scalar::text).toList();
    }

    /** The entries of a list, or the only one where it stands without a list around it. */
    List<Node> entries(String key) {
        Optional<Node> node = node(key);
        if (node.isEmpty()) {
            return List.of();
        }
        List<Node> entries = node.get() instanceof Node.Items list ? list.items() : List.of(node.get());
        return entries.stream().filter(entry -> !problems.refused(entry)).toList();
    }

    boolean flag(String key, boolean otherwise) {
        return text(key).map(text -> text.equals("true")).orElse(otherwise);
    }

    int whole(String key, int otherwise) {
        return text(key).map(Integer::parseInt).orElse(otherwise);
    }

    Optional<Duration> time(String key) {
        return text(key).flatMap(TimeSpan::parse);
    }

    <E extends Enum<E>> E word(String key, Class<E> words, E otherwise) {
        return text(key)
                .map(text -> Enum.valueOf(words, text.toUpperCase(Locale.ROOT).replace('-', '_')))
                .orElse(otherwise);
    }

    /** The entries of a mapping from names to texts. */
    Map<String, Node.Scalar> table(String key) {
        return mapping(key).table();
    }

    /** Its own entries, as names with texts. */
    Map<String, Node.Scalar> table() {
        Map<String, Node.Scalar> table = new LinkedHashMap<>();
        fields.forEach((name, field) -> scalar(field.value()).ifPresent(value -> table.put(name, value)));
        return table;
    }

    List<Node.Field> all() {
        return List.copyOf(fields.values());
    }

    static Map<String, String> texts(Map<String, Node.Scalar> table) {
        Map<String, String> texts = new LinkedHashMap<>();
        table.forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }

    private Optional<Node.Scalar> scalar(Node node) {
        return node instanceof Node.Scalar scalar && !scalar.absent() && !problems.refused(node)
                ? Optional.of(scalar)
                : Optional.empty();
    }

    /** One text, or those of a list. */
    List<Node.Scalar> scalarsOf(Node node) {
        List<Node.Scalar> scalars = new ArrayList<>();
        List<Node> nodes = node instanceof Node.Items list ? list.items() : List.of(node);
        nodes.forEach(item -> scalar(item).ifPresent(scalars::add));
        return scalars;
    }
}

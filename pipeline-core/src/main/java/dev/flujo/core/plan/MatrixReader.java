package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import dev.flujo.event.plan.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code matrix}. */
final class MatrixReader {

    private static final Set<String> FIXED = Set.of("include", "exclude", "max-parallel", "fail-fast");

    private final Problems problems;
    private final Meaning meaning;

    MatrixReader(Problems problems, Meaning meaning) {
        this.problems = problems;
        this.meaning = meaning;
    }

    /** The matrix, whose expressions may use what this scope has. */
    Matrix read(Node node, Scope scope) {
        Fields fields = new Fields(node, problems);
        Map<String, List<String>> axes = new LinkedHashMap<>();
        Map<String, String> computed = new LinkedHashMap<>();
        for (Node.Field field : fields.all()) {
            if (FIXED.contains(field.name()) || problems.refused(field.value())) {
                continue;
            }
            Optional<Node.Scalar> expression = fields.scalar(field.name());
            if (expression.isPresent()) {
                computed.put(field.name(), meaning.list(expression.get(), scope));
            } else {
                axes.put(field.name(), fields.texts(field.name()));
            }
        }
        Optional<String> includeComputed = fields.scalar("include").map(expression -> meaning.list(expression, scope));
        Matrix matrix = new Matrix(
                axes,
                computed,
                entries(fields, "include"),
                includeComputed,
                exclude(fields, axes.keySet(), computed.keySet()),
                fields.whole("max-parallel", 0),
                fields.flag("fail-fast", true));
        boolean named = fields.all().stream().anyMatch(field -> !FIXED.contains(field.name()));
        if (!named && !fields.has("include") && !problems.refused(node)) {
            problems.add(
                    node,
                    "Expected at least one axis in `matrix`, but there is none; add one, such as `jdk: [17, 21]`.");
        }
        return matrix;
    }

    /** The axes that its cells have values of, for those that name them. */
    static List<String> axes(Node node, Problems problems) {
        Set<String> axes = new LinkedHashSet<>();
        Fields fields = new Fields(node, problems);
        fields.all().stream()
                .map(Node.Field::name)
                .filter(name -> !FIXED.contains(name))
                .forEach(axes::add);
        fields.entries("include")
                .forEach(entry -> new Fields(entry, problems).all().forEach(field -> axes.add(field.name())));
        return List.copyOf(axes);
    }

    private List<Map<String, String>> entries(Fields fields, String key) {
        List<Map<String, String>> entries = new ArrayList<>();
        if (fields.scalar(key).isEmpty()) {
            fields.entries(key).forEach(entry -> entries.add(Fields.texts(new Fields(entry, problems).table())));
        }
        return entries;
    }

    private List<Map<String, String>> exclude(Fields fields, Set<String> axes, Set<String> computed) {
        for (Node entry : fields.entries("exclude")) {
            for (Node.Field field : new Fields(entry, problems).all()) {
                if (!axes.contains(field.name()) && !computed.contains(field.name())) {
                    problems.add(
                            field.key(),
                            "Expected an axis of this matrix, but it has no " + Quote.of(field.name())
                                    + "; correct or remove it.",
                            () -> Spelling.nearest(field.name(), axes));
                }
            }
        }
        return entries(fields, "exclude");
    }
}

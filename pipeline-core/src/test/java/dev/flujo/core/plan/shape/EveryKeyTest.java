package dev.flujo.core.plan.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each key of the language stands, where it belongs, in a scenario that is played. */
class EveryKeyTest {

    private static final Path SCENARIOS = Path.of("..", "e2e", "scenarios");

    private final Set<String> used = new TreeSet<>();

    @Test
    void isInAScenario() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            for (Path file : files.sorted().toList()) {
                for (Object scenario :
                        (List<?>) Evaluation.json(Files.readString(file)).orElseThrow()) {
                    play((Map<?, ?>) scenario);
                }
            }
        }
        Set<String> missing = new TreeSet<>();
        for (Shape.Keys keys : AllKeys.of(PipelineShape.PIPELINE, PipelineShape.TEMPLATE)) {
            keys.names().stream().map(name -> keys.owner() + ": " + name).forEach(missing::add);
        }
        missing.removeAll(used);

        assertEquals("", String.join("\n", missing), "keys without a scenario");
    }

    private void play(Map<?, ?> scenario) {
        if (scenario.get("errors") == null) {
            collect(PipelineShape.PIPELINE, scenario.get("pipeline"));
            if (scenario.get("templates") instanceof Map<?, ?> templates) {
                templates.values().forEach(template -> collect(PipelineShape.TEMPLATE, template));
            }
        }
    }

    private void collect(Shape shape, Object text) {
        YamlFile.read(String.valueOf(text), new Problems()).ifPresent(root -> collect(shape, root));
    }

    private void collect(Shape shape, Node node) {
        if (shape instanceof Shape.Keys keys && node instanceof Node.Fields fields) {
            for (Node.Field field : fields.fields()) {
                keys.keys().stream()
                        .filter(key -> key.name().equals(field.name()))
                        .forEach(key -> {
                            used.add(keys.owner() + ": " + key.name());
                            collect(key.shape(), field.value());
                        });
            }
        } else if (shape instanceof Shape.Items items && node instanceof Node.Items list) {
            list.items().forEach(item -> collect(items.item(), item));
        } else if (shape instanceof Shape.Table table && node instanceof Node.Fields fields) {
            for (Node.Field field : fields.fields()) {
                Shape inner = table.fixed().stream()
                        .filter(key -> key.name().equals(field.name()))
                        .map(Key::shape)
                        .findFirst()
                        .orElse(table.value());
                collect(inner, field.value());
            }
        } else if (shape instanceof Shape.Forms forms) {
            forms.text().ifPresent(text -> collect(text, node));
            forms.list().ifPresent(list -> collect(list, node));
            forms.mapping().ifPresent(mapping -> collect(mapping, node));
        }
    }
}

package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.expression.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every pipeline file of the repository's tests and documents: tables of problems, the reference's examples, scenarios. */
final class PipelineSources {

    private static final Path TABLES = Path.of("src/test/resources/dev/flujo/core/plan/problems");
    private static final Path REFERENCE = Path.of("..", "docs", "pipeline-reference.md");
    private static final Path SCENARIOS = Path.of("..", "e2e", "scenarios");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CASE = Pattern.compile("(?ms)^=== [^\n]*\n(.*?)^>>>\n");

    private PipelineSources() {}

    static List<String> all() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> tables = Files.list(TABLES)) {
            for (Path table : tables.sorted().toList()) {
                CASE.matcher(Files.readString(table)).results().forEach(match -> sources.add(match.group(1)));
            }
        }
        EXAMPLE.matcher(Files.readString(REFERENCE)).results().forEach(match -> sources.add(match.group(1)));
        try (Stream<Path> scenarios = Files.list(SCENARIOS)) {
            for (Path file : scenarios.sorted().toList()) {
                List<?> cases =
                        (List<?>) Evaluation.json(Files.readString(file)).orElseThrow();
                cases.forEach(one -> sources.add(String.valueOf(((Map<?, ?>) one).get("pipeline"))));
            }
        }
        return sources;
    }
}

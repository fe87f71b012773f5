package dev.flujo.core.plan;

import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import dev.flujo.event.plan.Plan;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pipeline files: YAML 1.2 without its surprises (each scalar is its source text; no anchors, aliases, merges,
 * tags, duplicate keys or second documents), no key that is not known, and all problems of a file at once.
 */
public final class PlanReader {

    private PlanReader() {}

    /** Reads a file's bytes, which must be UTF-8 (a byte order mark is skipped). */
    public static PlanReading read(byte[] source) {
        Problems problems = new Problems();
        return read(YamlFile.read(source, problems), Map.of(), problems);
    }

    /** Reads a file's text. */
    public static PlanReading read(String source) {
        return read(source, Map.of());
    }

    /** Reads a file's text; the templates that it uses are these texts, by the references under which it uses them. */
    public static PlanReading read(String source, Map<String, String> templates) {
        Problems problems = new Problems();
        return read(YamlFile.read(source, problems), templates, problems);
    }

    private static PlanReading read(Optional<Node> root, Map<String, String> templates, Problems problems) {
        Optional<Plan> plan = root.flatMap(new PipelineReader(problems, templates)::read);
        if (plan.isPresent() && problems.none()) {
            return new PlanReading.Readable(plan.get());
        }
        return new PlanReading.Refused(problems.inOrder());
    }
}

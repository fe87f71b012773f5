package dev.flujo.core.plan;

import dev.flujo.event.plan.Plan;
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
        return read(new SourceText(problems).read(source), problems);
    }

    /** Reads a file's text. */
    public static PlanReading read(String source) {
        Problems problems = new Problems();
        return read(new SourceText(problems).read(source), problems);
    }

    private static PlanReading read(Optional<String> text, Problems problems) {
        Optional<Plan> plan = text.flatMap(new TreeReader(problems)::read).flatMap(new PipelineReader(problems)::read);
        if (plan.isPresent() && problems.none()) {
            return new PlanReading.Readable(plan.get());
        }
        return new PlanReading.Refused(problems.inOrder());
    }
}

package dev.flujo.core.plan.yaml;

import java.util.Optional;

/**
 * Reads files: YAML 1.2 without its surprises (each scalar is its source text; no anchors, aliases, merges, tags, duplicate
 * keys or second documents).
 */
public final class YamlFile {

    private YamlFile() {}

    /** The root of a file's only document, which must be UTF-8 (a byte order mark is skipped). */
    public static Optional<Node> read(byte[] source, Problems problems) {
        return new SourceText(problems).read(source).flatMap(new TreeReader(problems)::read);
    }

    /** The root of a text's only document. */
    public static Optional<Node> read(String source, Problems problems) {
        return new SourceText(problems).read(source).flatMap(new TreeReader(problems)::read);
    }
}

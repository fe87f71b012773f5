package dev.flujo.stack.file;

import dev.flujo.core.plan.PlanReader;
import dev.flujo.core.plan.PlanReading;
import dev.flujo.core.plan.TemplateReader;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pipeline file or template on disk, with the templates of its repository that it uses. */
record PipelineFile(Path path, String source, Map<String, String> templates) {

    private static final String HERE = "./";

    /** Reads a file, and the files that it names in {@code uses}: their paths begin at the root of the repository. */
    static PipelineFile read(Path path) {
        String source = text(path);
        Path root = root(path.toAbsolutePath());
        Map<String, String> templates = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(TemplateReader.references(source));
        while (!open.isEmpty()) {
            String reference = open.remove();
            Path file = root.resolve(reference).normalize();
            if (reference.startsWith(HERE)
                    && !templates.containsKey(reference)
                    && file.startsWith(root)
                    && Files.isRegularFile(file)) {
                String template = text(file);
                templates.put(reference, template);
                open.addAll(TemplateReader.references(template));
            }
        }
        return new PipelineFile(path, source, templates);
    }

    /** Everything that is wrong with it. */
    List<PlanProblem> problems(boolean template) {
        if (template) {
            return TemplateReader.problems(source, templates);
        }
        return reading() instanceof PlanReading.Refused refused ? refused.problems() : List.of();
    }

    PlanReading reading() {
        return PlanReader.read(source, templates);
    }

    private static Path root(Path file) {
        for (Path at = file.getParent(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                return at;
            }
        }
        return file.getParent();
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new StackException("Expected a text file in UTF-8 at " + path + ", but " + e, e);
        }
    }
}

package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Expressions;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.PlanProblem;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.YamlFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads template files on their own, and says which templates a file uses. */
public final class TemplateReader {

    private TemplateReader() {}

    /** Everything that is wrong with a template file; the templates that it uses are these texts. */
    public static List<PlanProblem> problems(String source, Map<String, String> templates) {
        Problems problems = new Problems();
        Templates reader = new Templates(templates, problems, new Meaning(problems, new Expressions()));
        YamlFile.read(source, problems).ifPresent(root -> reader.read(root, "", problems));
        return problems.none() ? List.of() : problems.inOrder();
    }

    /** What a pipeline or template file has in {@code uses}, in its order; nothing where it cannot be read. */
    public static Set<String> references(String source) {
        Problems problems = new Problems();
        Set<String> references = new LinkedHashSet<>();
        YamlFile.read(source, problems).ifPresent(root -> {
            Fields file = new Fields(root, problems);
            file.mapping("jobs").all().forEach(job -> collect(new Fields(job.value(), problems), problems, references));
            collect(file, problems, references);
        });
        return references;
    }

    private static void collect(Fields owner, Problems problems, Set<String> references) {
        owner.text("uses").ifPresent(references::add);
        for (Node step : owner.entries("steps")) {
            new Fields(step, problems).text("uses").ifPresent(references::add);
        }
    }
}

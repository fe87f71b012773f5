package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Condition;
import dev.flujo.event.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code steps}: each a script, alone or with settings, or the steps of a template. */
final class StepReader {

    private final Problems problems;
    private final Meaning meaning;
    private final Templates templates;

    StepReader(Problems problems, Meaning meaning, Templates templates) {
        this.problems = problems;
        this.meaning = meaning;
        this.templates = templates;
    }

    /** What the job around the steps gives them. */
    record Around(Scope scope, List<String> variables, Optional<String> shell, Optional<String> directory) {}

    List<Step> read(List<Node> nodes, Around around) {
        List<Step> steps = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Node.Scalar script) {
                steps.add(new Step(firstLine(script.text()), script.text(), Map.of(), plain(around)));
            } else if (node instanceof Node.Fields) {
                steps.addAll(step(new Fields(node, problems), around));
            }
            if (steps.size() > Limits.STEPS && nodes.size() <= Limits.STEPS) {
                problems.add(
                        node,
                        "Expected at most " + Limits.STEPS
                                + " steps in a job, but with its templates there are more; make it several jobs.");
                return List.of();
            }
        }
        return steps;
    }

    private List<Step> step(Fields fields, Around around) {
        Optional<Node.Scalar> uses = fields.scalar("uses");
        if (uses.isPresent()) {
            return templates.steps(uses.get(), fields, around.scope());
        }
        Map<String, Node.Scalar> env = fields.table("env");
        List<String> names = new ArrayList<>(around.variables());
        names.addAll(env.keySet());
        meaning.texts(env.values(), around.scope().and("env", around.variables()));
        Scope scope = around.scope().and("env", names);
        Condition condition = new GateReader(problems, meaning).condition(fields, scope);
        Set<String> variables = new TreeSet<>(names);
        new SuppliesReader(problems, meaning).checkSecrets(fields, variables);
        return fields.text("run").stream()
                .map(run -> new Step(
                        fields.text("name").orElseGet(() -> firstLine(run)),
                        run,
                        Fields.texts(env),
                        settings(fields, condition, around)))
                .toList();
    }

    private static Step.Settings settings(Fields fields, Condition condition, Around around) {
        return new Step.Settings(
                condition,
                fields.flag("continue-on-error", false),
                fields.time("timeout"),
                fields.text("shell").or(around::shell),
                fields.text("working-directory").or(around::directory),
                fields.texts("secrets"),
                List.of());
    }

    private static Step.Settings plain(Around around) {
        return new Step.Settings(
                Condition.NONE, false, Optional.empty(), around.shell(), around.directory(), List.of(), List.of());
    }

    /** What a step without a name is called. */
    private static String firstLine(String run) {
        String line = run.lines().filter(text -> !text.isBlank()).findFirst().orElse(run);
        return Quote.cut(Quote.visible(line.replace('\t', ' ').strip()), Limits.NAME - 1);
    }
}

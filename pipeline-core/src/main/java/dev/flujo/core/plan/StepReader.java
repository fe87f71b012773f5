package dev.flujo.core.plan;

import dev.flujo.event.plan.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code steps}: each a script, alone or with a name and variables. */
final class StepReader {

    private final Problems problems;
    private final Values values;
    private final EnvReader env;

    StepReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
        this.env = new EnvReader(problems);
    }

    List<Step> read(Node node) {
        if (!(node instanceof Node.Items items)) {
            values.refuse(node, "Expected `steps` as a list such as `- run: make test`");
            return List.of();
        }
        if (items.items().isEmpty()) {
            problems.add(node, "Expected at least one step, but `steps` is empty; add one such as `- run: make test`.");
        }
        return values.atMost(Limits.STEPS, items, "`steps`").stream()
                .flatMap(item -> step(item).stream())
                .toList();
    }

    private Optional<Step> step(Node node) {
        if (node instanceof Node.Fields) {
            return named(node);
        }
        if (node instanceof Node.Scalar) {
            return values.text(node, "a step", Limits.SCRIPT)
                    .map(run -> new Step(firstLine(run.text()), run.text(), Map.of()));
        }
        values.refuse(node, "Expected a step as a script or as a mapping with `run`");
        return Optional.empty();
    }

    private Optional<Step> named(Node node) {
        Map<String, Node.Field> fields = values.fields(node, "a step", Vocabulary.STEP);
        Optional<String> name = Optional.ofNullable(fields.get("name")).flatMap(field -> name(field.value()));
        Map<String, String> variables =
                fields.containsKey("env") ? env.read(fields.get("env").value()) : Map.of();
        if (!fields.containsKey("run") && !values.hinted(node, "run", Vocabulary.STEP)) {
            problems.add(node, "Expected `run` in a step, but it has none; add its script.");
        }
        if (!fields.containsKey("run")) {
            return Optional.empty();
        }
        return values.text(fields.get("run").value(), "`run`", Limits.SCRIPT)
                .map(run -> new Step(name.orElseGet(() -> firstLine(run.text())), run.text(), variables));
    }

    private Optional<String> name(Node node) {
        return values.text(node, "a step's `name`", Limits.STEP_NAME)
                .map(Node.Scalar::text)
                .filter(name -> {
                    var hidden = Characters.firstHidden(name);
                    if (hidden.isPresent()) {
                        problems.add(
                                node,
                                "Expected a name that can be read in one line, but it has "
                                        + Characters.described(hidden.getAsInt()) + "; remove it.");
                    }
                    return hidden.isEmpty();
                });
    }

    /** What a step without a name is called. */
    private static String firstLine(String run) {
        String line = run.lines().filter(text -> !text.isBlank()).findFirst().orElse(run);
        return Quote.cut(Quote.visible(line.replace('\t', ' ').strip()), Limits.STEP_NAME - 1);
    }
}

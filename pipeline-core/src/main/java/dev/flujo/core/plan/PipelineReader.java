package dev.flujo.core.plan;

import dev.flujo.core.plan.JobReader.ReadJob;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.plan.expression.Expressions;
import dev.flujo.core.plan.expression.Scope;
import dev.flujo.core.plan.shape.Limits;
import dev.flujo.core.plan.shape.PipelineShape;
import dev.flujo.core.plan.shape.ShapeCheck;
import dev.flujo.core.plan.yaml.Node;
import dev.flujo.core.plan.yaml.Problems;
import dev.flujo.event.plan.Input;
import dev.flujo.event.plan.Job;
import dev.flujo.event.plan.Plan;
import dev.flujo.event.plan.Step;
import dev.flujo.event.plan.Triggers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the whole of a pipeline from its root node: first its shape, then what it means. */
final class PipelineReader {

    private final Problems problems;
    private final Meaning meaning;
    private final Templates templates;

    PipelineReader(Problems problems, Map<String, String> templates) {
        this.problems = problems;
        this.meaning = new Meaning(problems, new Expressions());
        this.templates = new Templates(templates, problems, meaning);
    }

    /** The plan; where something is wrong there is a problem, and the plan is not to be used. */
    Optional<Plan> read(Node root) {
        new ShapeCheck(problems).check(PipelineShape.PIPELINE, root, "a pipeline");
        if (!(root instanceof Node.Fields)) {
            return Optional.empty();
        }
        Fields fields = new Fields(root, problems);
        Map<String, Input> inputs = new InputReader(problems).read(fields.mapping("inputs"));
        Triggers on = fields.node("on")
                .map(node -> new TriggersReader(problems, meaning, inputs).read(node))
                .orElseGet(() -> withoutOn(inputs, root));
        Map<String, Node.Scalar> env = fields.table("env");
        Scope scope = scope(inputs);
        meaning.texts(env.values(), scope);
        List<String> variables = List.copyOf(env.keySet());
        List<ReadJob> jobs = new JobsReader(problems, meaning, templates)
                .read(
                        fields.mapping("jobs").all(),
                        new JobReader.Around(scope.and("env", variables), variables, fields.mapping("defaults")));
        checkText(jobs, root);
        return Optional.of(new Plan(
                fields.text("name").orElse(""),
                on,
                Fields.texts(env),
                jobs.stream().flatMap(job -> job.jobs().stream()).toList(),
                inputs,
                new GateReader(problems, meaning)
                        .concurrency(fields, scope.and("env", variables), "${{ run.pipeline }}-${{ event.branch }}"),
                fields.time("timeout")));
    }

    /** Templates multiply what stands in the file. */
    private void checkText(List<ReadJob> jobs, Node root) {
        long text = jobs.stream()
                .flatMap(job -> job.jobs().stream())
                .mapToLong(PipelineReader::text)
                .sum();
        if (text > Limits.PLAN_TEXT) {
            problems.add(
                    root,
                    "Expected at most " + Limits.PLAN_TEXT
                            + " characters of scripts and variables, but with its templates" + " the pipeline has "
                            + text + "; split it.");
        }
    }

    private static long text(Job job) {
        long text = length(job.env());
        for (Step step : job.steps()) {
            text += step.run().length() + length(step.env());
        }
        return text;
    }

    private static long length(Map<String, String> env) {
        return env.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
    }

    /** What every expression of a pipeline's jobs may use, besides what depends on its place. */
    static Scope scope(Map<String, Input> inputs) {
        List<String> event =
                Arrays.stream(EventField.values()).map(EventField::word).toList();
        return new Scope(
                List.of("event", "inputs", "run"),
                Map.of("event", event, "inputs", List.copyOf(inputs.keySet()), "run", Scope.RUN),
                Map.of());
    }

    private Triggers withoutOn(Map<String, Input> inputs, Node root) {
        InputReader.missing(inputs, new Fields(null, problems))
                .ifPresent(missing -> problems.add(
                        root,
                        "Expected `on` in a pipeline with required inputs, but it has none, so that pushes start "
                                + "it without"
                                + " asking anybody; write `on: manual`, or give `" + missing + "` a default."));
        return TriggersReader.DEFAULT;
    }
}

package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Table;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** A whole pipeline file, a template file, and a file of generated jobs. */
public final class PipelineShape {

    static final List<String> INPUT_TYPES = List.of("string", "number", "boolean", "choice", "environment");

    static final Keys INPUT = new Keys(
                    "an input",
                    List.of(
                            Key.of(
                                    "type",
                                    new Word(INPUT_TYPES),
                                    "`string`",
                                    "`string`, `number`, `boolean`, `choice` (one of its `options`) or "
                                            + "`environment` (the name of one)"),
                            Key.of(
                                    "description",
                                    Text.of(Formats.LINE, Limits.DESCRIPTION),
                                    "none",
                                    "what people are told who are asked for it"),
                            Key.of(
                                    "default",
                                    new Text(Format.ANY, Limits.INPUT, true, Text.Expressions.REFUSED),
                                    "none",
                                    "its value where nobody gives another; of a `boolean` `false`"),
                            Key.of(
                                    "options",
                                    new Items(Text.of(Formats.LINE, PATTERN), 1, 100, true, ""),
                                    "none",
                                    "the words of a `choice`, at most 100"),
                            Key.of(
                                    "required",
                                    Words.FLAG,
                                    "`false`",
                                    "a run cannot start without a value; only where every trigger can give one")))
            .elsewhere(Map.of("value", "default", "values", "options", "choices", "options", "enum", "options"))
            .later("deprecationMessage", "regex", "pattern", "secret");

    private static final Shape INPUTS = new Table(
            List.of("input", "inputs"),
            Formats.INPUT_NAME,
            Forms.of(null, null, INPUT, "as a mapping such as `level: {type: choice, options: [info, debug]}`")
                    .orNothing(),
            0,
            Limits.INPUTS,
            "remove some",
            List.of());

    private static final Shape JOBS = new Table(
            List.of("job", "jobs"), Formats.JOB_ID, JobShape.JOB, 1, Limits.JOBS, "split the pipeline", List.of());

    /** A pipeline file. */
    public static final Keys PIPELINE = pipeline();

    /** A template file. */
    public static final Keys TEMPLATE = new Keys(
                    "a template",
                    List.of(
                            Key.required(
                                    "name",
                                    Text.of(Formats.PIPELINE_NAME, Integer.MAX_VALUE),
                                    "the template's name, made like a pipeline's",
                                    "such as `name: build-java`"),
                            Key.of("inputs", INPUTS, "none", "what it is given in `with`; as a pipeline's `inputs`"),
                            Key.of("env", Words.ENV, "none", "variables for its scripts, as a pipeline's `env`"),
                            Key.of(
                                    "jobs",
                                    JOBS,
                                    "one of both",
                                    "the jobs that a job with `uses` becomes; as those of a pipeline"),
                            Key.of(
                                    "steps",
                                    StepShape.STEPS,
                                    "one of both",
                                    "the steps that a step with `uses` becomes")))
            .rules(new Rule.OneOf(List.of("jobs", "steps"), "write two templates"))
            .elsewhere(Map.of("runs", "steps", "parameters", "inputs", "params", "inputs", "variables", "env"))
            .later("outputs", "on", "version");

    /** A file that a job has written, with further jobs of its run. */
    public static final Keys GENERATED = new Keys(
                    "a file of generated jobs",
                    List.of(Key.required(
                            "jobs",
                            JOBS,
                            "the further jobs of the run; as those of a pipeline",
                            "with at least one job")))
            .later("name", "on", "env", "inputs");

    private PipelineShape() {}

    private static Keys pipeline() {
        return new Keys(
                        "a pipeline",
                        List.of(
                                Key.required(
                                        "name",
                                        Text.of(Formats.PIPELINE_NAME, Integer.MAX_VALUE),
                                        "the pipeline's name: letters, digits, `.`, `_` and `-`, a letter or "
                                                + "digit first, at most 63",
                                        "such as `name: build`"),
                                Key.of(
                                        "on",
                                        Forms.of(
                                                new Shape.Bare(OnShape.ON, OnShape.BARE),
                                                new Items(new Shape.Bare(OnShape.ON, OnShape.BARE), 1, 10, ""),
                                                OnShape.ON,
                                                "as an event, a list of events, or a mapping such as `on: {push: "
                                                        + "{branches: [main]}}`"),
                                        "`push` on every branch, and `manual`",
                                        "what starts a run: an event, a list of events, or events with their settings"),
                                Key.of(
                                        "inputs",
                                        INPUTS,
                                        "none",
                                        "what a run is asked for when it starts; at most " + Limits.INPUTS),
                                Key.of("env", Words.ENV, "none", "variables for the scripts of all jobs"),
                                Key.of(
                                        "defaults",
                                        JobShape.DEFAULTS,
                                        "none",
                                        "keys of jobs that hold for every job which does not have them itself"),
                                Key.of(
                                        "concurrency",
                                        GateShapes.CONCURRENCY,
                                        "any number",
                                        "how many runs may go on at once, and what becomes of the others"),
                                Key.of(
                                        "timeout",
                                        Words.span(Limits.LONGEST_RUN),
                                        "none",
                                        "how long a whole run may take, waiting included: "
                                                + Words.times(Limits.LONGEST_RUN)),
                                Key.required(
                                        "jobs",
                                        JOBS,
                                        "the jobs by their ids: 1 to " + Limits.JOBS + " of them",
                                        "with at least one job")))
                .elsewhere(elsewhere())
                .later(
                        "permissions",
                        "include",
                        "extends",
                        "clone",
                        "version",
                        "run-name",
                        "resources",
                        "options",
                        "after_script",
                        "notify",
                        "notifications",
                        "labels");
    }

    private static Map<String, String> elsewhere() {
        return Map.ofEntries(
                Map.entry("steps", "jobs.<id>.steps"),
                Map.entry("script", "jobs.<id>.steps"),
                Map.entry("stage", "jobs.<id>.needs"),
                Map.entry("stages", "jobs.<id>.needs"),
                Map.entry("needs", "jobs.<id>.needs"),
                Map.entry("deploy", "jobs.<id>.deploy"),
                Map.entry("artifacts", "jobs.<id>.artifacts"),
                Map.entry("reports", "jobs.<id>.reports"),
                Map.entry("services", "jobs.<id>.services"),
                Map.entry("secrets", "jobs.<id>.secrets"),
                Map.entry("matrix", "jobs.<id>.matrix"),
                Map.entry("before_script", "jobs.<id>.steps"),
                Map.entry("image", "defaults.image"),
                Map.entry("pool", "defaults.pool"),
                Map.entry("cache", "defaults.cache"),
                Map.entry("default", "defaults"),
                Map.entry("workflow", "on"),
                Map.entry("when", "on"),
                Map.entry("trigger", "on"),
                Map.entry("triggers", "on"),
                Map.entry("schedule", "on.schedule"),
                Map.entry("cron", "on.schedule"),
                Map.entry("branches", "on.push.branches"),
                Map.entry("push", "on.push"),
                Map.entry("params", "inputs"),
                Map.entry("parameters", "inputs"),
                Map.entry("variables", "env"),
                Map.entry("environment", "env"),
                Map.entry("workflows", "jobs"),
                Map.entry("tasks", "jobs"),
                Map.entry("pipeline", "jobs"));
    }
}

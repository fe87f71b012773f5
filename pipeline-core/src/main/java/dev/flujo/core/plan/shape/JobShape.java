package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.CONDITION;
import static dev.flujo.core.plan.shape.Words.FLAG;
import static dev.flujo.core.plan.shape.Words.most;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Text;
import java.util.List;
import java.util.Map;

/** A job, and what a pipeline's `defaults` may say for all of them. */
final class JobShape {

    /** What a pipeline may say for all jobs. */
    private static final List<Key> SHARED = List.of(
            Key.of(
                    "image",
                    Words.IMAGE,
                    "the runner's own",
                    "the container image that the steps run in; expressions are replaced"),
            Key.of(
                    "services",
                    PlacementShapes.SERVICES,
                    "none",
                    "what runs beside the job, by the name under which it is reached; at most " + Limits.SERVICES
                            + "; see [Services](#services)"),
            Key.of(
                    "resources",
                    PlacementShapes.RESOURCES,
                    "the runner's",
                    "how much of a machine it gets; see [Resources](#resources)"),
            Key.of("pool", Text.of(Formats.POOL, PATTERN), "`default`", "the pool whose runners execute it"),
            Key.of(
                    "labels",
                    Words.LABELS,
                    "none",
                    "labels that its runner must have, all of them; " + most(Limits.LABELS)),
            Key.of(
                    "priority",
                    new Shape.Whole(-Limits.PRIORITY, Limits.PRIORITY),
                    "`0`",
                    "who goes first where jobs wait for slots: -" + Limits.PRIORITY + " to " + Limits.PRIORITY
                            + ", the higher the sooner"),
            Key.of("timeout", Words.JOB_TIME, "`1h`", "how long one attempt may take: " + times(Limits.LONGEST_JOB)),
            Key.of(
                    "queue-timeout",
                    span(Limits.LONGEST_RUN),
                    "waits on",
                    "how long it may wait for a slot: " + times(Limits.LONGEST_RUN)),
            Key.of(
                    "retry",
                    GateShapes.RETRY,
                    "3 attempts when runners are lost",
                    "when it is tried again; see [Retries](#retries)"),
            Key.of(
                    "cache",
                    FileShapes.CACHES,
                    "none",
                    "files that later jobs find again: one mapping or a list of at most " + Limits.CACHES
                            + "; see [Caches](#caches)"),
            Key.of(
                    "checkout",
                    FileShapes.CHECKOUT,
                    "the commit's own files",
                    "what else of the commit is checked out; see [Checkout](#checkout)"),
            Key.of("shell", Words.SHELL, "`bash`", "what reads its scripts: `bash`, `sh` or `python`"),
            Key.of(
                    "working-directory",
                    Words.DIRECTORY,
                    "the workspace",
                    "where its steps start: a directory inside the workspace"));

    static final Keys DEFAULTS = new Keys("`defaults`", SHARED)
            .elsewhere(Map.of("run", "defaults.shell", "tags", "labels", "runs-on", "labels", "env", "/env"))
            .such("defaults: {image: \"eclipse-temurin:21\"}");

    private static final List<Key> OWN = List.of(
            Key.of(
                    "name",
                    Words.LINE,
                    "its id",
                    "what people read: one line of at most " + Limits.NAME + " characters"),
            Key.of(
                    "needs",
                    Words.ids(Formats.JOB_ID, Limits.NEEDS),
                    "none",
                    "jobs of this file that must succeed first (also written `depends_on`): at most " + Limits.NEEDS
                            + ", none twice, no cycle; at most " + Limits.CHAIN + " jobs one after the other"),
            Key.of("depends_on", Words.ids(Formats.JOB_ID, Limits.NEEDS), "none", "the same as `needs`"),
            Key.of(
                    "if",
                    CONDITION,
                    "runs",
                    "an expression over `event`, `inputs`, `env`, `needs`, `matrix` and `run`; where it is false "
                            + "the job is skipped"),
            Key.of(
                    "always",
                    FLAG,
                    "`false`",
                    "runs when all that it needs has ended, however; without `needs`, after all other jobs"),
            Key.of(
                    "on-failure",
                    FLAG,
                    "`false`",
                    "runs only if something before it failed, once all that it needs has ended; without `needs`, "
                            + "after all other jobs"),
            Key.of("matrix", MatrixShape.MATRIX, "one job", "the job in variants; see [Matrix](#matrix)"),
            Key.of("env", Words.ENV, "none", "variables for its scripts, before those of the pipeline"),
            Key.of(
                    "secrets",
                    Words.SECRETS,
                    "none",
                    "names of secrets that its steps get as variables; " + most(Limits.SECRETS)),
            Key.of(
                    "steps",
                    StepShape.STEPS,
                    "one of three",
                    "1 to " + Limits.STEPS + " scripts, executed one after the other in one place until one fails"),
            Key.of(
                    "uses",
                    Text.of(Formats.TEMPLATE, PATTERN),
                    "one of three",
                    "a template of jobs; see [Templates](#templates)"),
            Key.of("with", Words.VALUES, "none", "values for the template's `inputs`"),
            Key.of("deploy", DeployShape.DEPLOY, "one of three", "a deployment; see [Deployments](#deployments)"),
            Key.of(
                    "environment",
                    Forms.of(
                            Text.computed(Formats.ENVIRONMENT, PATTERN),
                            null,
                            GateShapes.ENVIRONMENT,
                            "as a name or as a mapping such as `"
                                    + GateShapes.ENVIRONMENT.example().orElseThrow() + "`"),
                    "none",
                    "the environment that it works on, alone; see [Environments](#environments)"),
            Key.of(
                    "approval",
                    Forms.of(
                                    null,
                                    null,
                                    GateShapes.APPROVAL,
                                    "without a value or as a mapping such as `"
                                            + GateShapes.APPROVAL.example().orElseThrow() + "`")
                            .orNothing(),
                    "none",
                    "people who must consent before it starts; see [Approvals](#approvals)"),
            Key.of(
                    "concurrency",
                    GateShapes.CONCURRENCY,
                    "any number",
                    "how many of a group may go on at once; see [Concurrency](#concurrency)"),
            Key.of(
                    "continue-on-error",
                    Forms.of(
                            new Text(
                                    new Format(
                                            "`true` or `false`",
                                            List.of(Format.Rule.whole("true|false", "it is {}; correct it")),
                                            text -> text),
                                    PATTERN,
                                    false,
                                    Text.Expressions.REPLACED),
                            null,
                            null,
                            "as `true` or `false`"),
                    "`false`",
                    "its failure counts as success for the jobs that need it and for the run; may be an expression"),
            Key.of(
                    "outputs",
                    Forms.texts(Text.of(Formats.OUTPUT, PATTERN), Limits.OUTPUTS),
                    "none",
                    "names of files in `$FLUJO_OUTPUTS` that the jobs which need it get; see [Outputs](#outputs)"),
            Key.of(
                    "artifacts",
                    FileShapes.ARTIFACTS,
                    "none",
                    "files that are kept, or taken over; see [Artifacts](#artifacts)"),
            Key.of(
                    "reports",
                    FileShapes.REPORTS,
                    "none",
                    "files with test results and findings; see [Reports](#reports)"),
            Key.of(
                    "generate",
                    Text.of(Globs.FILE, PATTERN),
                    "none",
                    "a file that its steps write, with further jobs of the run; see [Generated jobs](#generated-jobs)"));

    private static final String STEPS_ONLY = "these belong to a job with steps";

    static final Keys JOB = new Keys("a job", Shape.joined(OWN, SHARED))
            .rules(
                    new Rule.OneOf(List.of("steps", "deploy", "uses"), "make it several jobs that need each other"),
                    new Rule.Needs("with", List.of("uses")),
                    new Rule.Alone("needs", List.of("depends_on"), "write `needs`"),
                    new Rule.Alone("always", List.of("on-failure"), "choose one"),
                    new Rule.Alone(
                            "deploy",
                            List.of(
                                    "artifacts",
                                    "reports",
                                    "outputs",
                                    "generate",
                                    "secrets",
                                    "image",
                                    "services",
                                    "resources",
                                    "pool",
                                    "labels",
                                    "retry",
                                    "cache",
                                    "checkout",
                                    "shell",
                                    "working-directory"),
                            STEPS_ONLY),
                    new Rule.Alone(
                            "uses",
                            List.of(
                                    "if",
                                    "always",
                                    "on-failure",
                                    "matrix",
                                    "env",
                                    "secrets",
                                    "environment",
                                    "approval",
                                    "concurrency",
                                    "continue-on-error",
                                    "artifacts",
                                    "reports",
                                    "outputs",
                                    "generate",
                                    "image",
                                    "services",
                                    "resources",
                                    "pool",
                                    "labels",
                                    "priority",
                                    "timeout",
                                    "queue-timeout",
                                    "retry",
                                    "cache",
                                    "checkout",
                                    "shell",
                                    "working-directory"),
                            "this is for the template's own jobs to say"))
            .elsewhere(elsewhere())
            .later(
                    "permissions",
                    "container",
                    "privileged",
                    "user",
                    "network",
                    "volumes",
                    "extends",
                    "interruptible",
                    "hooks");

    private JobShape() {}

    private static Map<String, String> elsewhere() {
        return Map.ofEntries(
                Map.entry("script", "steps[].run"),
                Map.entry("commands", "steps[].run"),
                Map.entry("run", "steps[].run"),
                Map.entry("before_script", "steps[].run"),
                Map.entry("after_script", "steps[].always"),
                Map.entry("stage", "needs"),
                Map.entry("depends-on", "needs"),
                Map.entry("dependsOn", "needs"),
                Map.entry("dependencies", "artifacts.from"),
                Map.entry("requires", "needs"),
                Map.entry("runAfter", "needs"),
                Map.entry("passed", "needs"),
                Map.entry("when", "if"),
                Map.entry("rules", "if"),
                Map.entry("only", "if"),
                Map.entry("except", "if"),
                Map.entry("strategy", "matrix"),
                Map.entry("parallel", "matrix"),
                Map.entry("runs-on", "labels"),
                Map.entry("runs_on", "labels"),
                Map.entry("tags", "labels"),
                Map.entry("resource_group", "concurrency"),
                Map.entry("retries", "retry"),
                Map.entry("allow_failure", "continue-on-error"),
                Map.entry("allow-failure", "continue-on-error"),
                Map.entry("timeout-minutes", "timeout"),
                Map.entry("timeoutInMinutes", "timeout"),
                Map.entry("workdir", "working-directory"),
                Map.entry("variables", "env"),
                Map.entry("defaults", "shell"),
                Map.entry("health", "deploy.health"),
                Map.entry("start", "deploy.start"),
                Map.entry("from", "deploy.from"),
                Map.entry("junit", "reports.junit"),
                Map.entry("coverage", "reports.coverage"),
                Map.entry("paths", "artifacts.paths"));
    }
}

package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Text;
import java.util.List;
import java.util.Map;

/** The steps of a job: scripts, or templates of steps. */
final class StepShape {

    private static final Shape SCRIPT = Text.of(Format.ANY, Limits.SCRIPT);

    static final Keys STEP = new Keys(
                    "a step",
                    List.of(
                            Key.of(
                                    "run",
                                    SCRIPT,
                                    "one of both",
                                    "the script: at most " + Limits.SCRIPT + " characters"),
                            Key.of(
                                    "name",
                                    Words.LINE,
                                    "the first line of `run`",
                                    "what the step is called: one line of at most " + Limits.NAME + " characters"),
                            Key.of("env", Words.ENV, "none", "variables for this script, before those of the job"),
                            Key.of(
                                    "if",
                                    Words.CONDITION,
                                    "runs",
                                    "an expression; where it is false the step is skipped. It sees what its "
                                            + "job's `if` sees, not how earlier steps ended"),
                            Key.of("always", Words.FLAG, "`false`", "runs also after a step that failed"),
                            Key.of("on-failure", Words.FLAG, "`false`", "runs only after a step that failed"),
                            Key.of(
                                    "continue-on-error",
                                    Words.FLAG,
                                    "`false`",
                                    "its failure does not end the job, and does not make it fail"),
                            Key.of(
                                    "timeout",
                                    Words.JOB_TIME,
                                    "the job's",
                                    "how long it may take: " + Words.times(Limits.LONGEST_JOB)),
                            Key.of(
                                    "shell",
                                    Words.SHELL,
                                    "the job's",
                                    "what reads the script: `bash`, `sh` or `python`"),
                            Key.of(
                                    "working-directory",
                                    Words.DIRECTORY,
                                    "the job's",
                                    "where it starts: a directory inside the workspace"),
                            Key.of(
                                    "secrets",
                                    Words.SECRETS,
                                    "those of the job",
                                    "names of secrets that only this step gets, as variables; "
                                            + Words.most(Limits.SECRETS)),
                            Key.of(
                                    "uses",
                                    Text.of(Formats.TEMPLATE, PATTERN),
                                    "one of both",
                                    "a template of steps; see [Templates](#templates)"),
                            Key.of("with", Words.VALUES, "none", "values for the template's `inputs`")))
            .rules(
                    new Rule.OneOf(List.of("run", "uses"), "put them into two steps"),
                    new Rule.Needs("with", List.of("uses")),
                    new Rule.Alone("always", List.of("on-failure"), "choose one"),
                    new Rule.Alone(
                            "uses",
                            List.of(
                                    "env",
                                    "if",
                                    "always",
                                    "on-failure",
                                    "continue-on-error",
                                    "timeout",
                                    "shell",
                                    "working-directory",
                                    "secrets"),
                            "these are for the template's own steps to say"))
            .elsewhere(Map.ofEntries(
                    Map.entry("script", "run"),
                    Map.entry("command", "run"),
                    Map.entry("commands", "run"),
                    Map.entry("cmd", "run"),
                    Map.entry("sh", "run"),
                    Map.entry("bash", "run"),
                    Map.entry("variables", "env"),
                    Map.entry("environment", "env"),
                    Map.entry("displayName", "name"),
                    Map.entry("workdir", "working-directory"),
                    Map.entry("timeout-minutes", "timeout"),
                    Map.entry("allow_failure", "continue-on-error"),
                    Map.entry("allow-failure", "continue-on-error"),
                    Map.entry("failure", "continue-on-error"),
                    Map.entry("when", "if"),
                    Map.entry("image", "jobs.<id>.image"),
                    Map.entry("cache", "jobs.<id>.cache"),
                    Map.entry("retry", "jobs.<id>.retry"),
                    Map.entry("services", "jobs.<id>.services"),
                    Map.entry("outputs", "jobs.<id>.outputs"),
                    Map.entry("artifacts", "jobs.<id>.artifacts"),
                    Map.entry("reports", "jobs.<id>.reports"),
                    Map.entry("needs", "jobs.<id>.needs"),
                    Map.entry("deploy", "jobs.<id>.deploy")))
            .later("id", "background", "privileged", "volumes", "plugin", "settings");

    static final Shape STEPS = new Items(
            Forms.of(SCRIPT, null, STEP, "as a script or as a mapping with `run`"),
            1,
            Limits.STEPS,
            "- run: make test");

    private StepShape() {}
}

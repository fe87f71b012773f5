package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.FLAG;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** How a new version takes over from the old one. */
final class RolloutShapes {

    static final Keys ROLLING = new Keys(
                    "`rolling`",
                    List.of(
                            Key.of(
                                    "surge",
                                    Text.of(Formats.SHARE, PATTERN),
                                    "the target's",
                                    "how many replicas there may be above the wanted number: a number or a share"),
                            Key.of(
                                    "unavailable",
                                    Text.of(Formats.SHARE, PATTERN),
                                    "the target's",
                                    "how many may be missing below it")))
            .elsewhere(Map.of(
                    "max-surge",
                    "surge",
                    "maxSurge",
                    "surge",
                    "max-unavailable",
                    "unavailable",
                    "maxUnavailable",
                    "unavailable"))
            .such("rolling: {surge: 25%}");

    static final Keys BLUE_GREEN = new Keys(
                    "`blue-green`",
                    List.of(
                            Key.of(
                                    "promote",
                                    new Word(List.of("auto", "manual")),
                                    "`auto`",
                                    "the new version takes the traffic by itself once it is healthy, or when a "
                                            + "person says so"),
                            Key.of(
                                    "keep",
                                    span(Limits.LONGEST_JOB),
                                    "until the next",
                                    "how long the previous version is kept warm: " + times(Limits.LONGEST_JOB))))
            .elsewhere(Map.of("autoPromotionEnabled", "promote", "scaleDownDelaySeconds", "keep"))
            .such("blue-green: {keep: 10m}");

    private static final Keys CANARY_STEP = new Keys(
            "a canary step",
            List.of(
                    Key.required(
                            "weight",
                            new Shape.Whole(1, 100),
                            "the new version's share of the traffic in percent",
                            "such as `weight: 10`"),
                    Key.of(
                            "pause",
                            span(Limits.LONGEST_JOB),
                            "`every`",
                            "how long it is watched there: " + times(Limits.LONGEST_JOB)),
                    Key.of("approval", FLAG, "`false`", "a person says when it goes on")));

    private static final Shape CANARY_STEPS = new Items(
            Forms.of(new Shape.Whole(1, 100), null, CANARY_STEP, "as a share in percent or as a mapping with `weight`"),
            1,
            Limits.ROLLOUT_STEPS,
            "[10, 50, 100]");

    static final Keys CANARY = new Keys(
                    "`canary`",
                    List.of(
                            Key.required(
                                    "steps",
                                    CANARY_STEPS,
                                    "shares of the traffic in percent, rising to 100, or mappings of `weight`, "
                                            + "`pause` (a time) and `approval` (a person says when it goes on); "
                                            + "at most "
                                            + Limits.ROLLOUT_STEPS,
                                    "such as `steps: [10, 50, 100]`"),
                            Key.of(
                                    "every",
                                    span(Limits.LONGEST_JOB),
                                    "`5m`",
                                    "how long each step without a `pause` is watched: " + times(Limits.LONGEST_JOB))))
            .elsewhere(Map.of("setWeight", "steps", "weights", "steps", "interval", "every"))
            .such("canary: {steps: [10, 50, 100]}");

    static final Keys STRATEGY = new Keys(
                    "`strategy`",
                    List.of(
                            Key.of(
                                    "rolling",
                                    Forms.of(
                                                    null,
                                                    null,
                                                    ROLLING,
                                                    "without a value or as a mapping such as `rolling: {surge: 25%}`")
                                            .orNothing(),
                                    "one of three",
                                    "replica by replica"),
                            Key.of(
                                    "blue-green",
                                    Forms.of(
                                                    null,
                                                    null,
                                                    BLUE_GREEN,
                                                    "without a value or as a mapping such as `blue-green: {keep: 10m}`")
                                            .orNothing(),
                                    "one of three",
                                    "beside the old version, then all at once"),
                            Key.of(
                                    "canary",
                                    Forms.of(
                                            null,
                                            CANARY_STEPS,
                                            CANARY,
                                            "as a list of shares or as a mapping such as `canary: {steps: [10, "
                                                    + "50, 100]}`"),
                                    "one of three",
                                    "step by step with growing shares of the traffic: `steps`, or a mapping")))
            .rules(new Rule.OneOf(List.of("rolling", "blue-green", "canary"), "choose one"))
            .elsewhere(Map.of(
                    "blueGreen", "blue-green", "bluegreen", "blue-green", "type", "rolling", "recreate", "rolling"))
            .such("strategy: {canary: [10, 50, 100]}");

    static final Keys ANALYSIS = new Keys(
                    "an entry of `analysis`",
                    List.of(
                            Key.required(
                                    "name",
                                    Text.of(Formats.PLAIN_ID, PATTERN),
                                    "what it is called, made like a job's id",
                                    "such as `name: errors`"),
                            Key.of(
                                    "prometheus",
                                    Text.of(Format.ANY, Limits.EXPRESSION),
                                    "one of four",
                                    "a query that gives a number; `$deployment` and `$commit` in it stand for those "
                                            + "of the version that is asked about, `$cluster` and `$namespace` for "
                                            + "where it is on Kubernetes"),
                            Key.of(
                                    "http",
                                    Text.of(Formats.HTTP_PATH, PATTERN),
                                    "one of four",
                                    "a path of the new version; its status is the result (0 if none comes)"),
                            Key.of(
                                    "requests",
                                    new Word(List.of("failed")),
                                    "one of four",
                                    "`failed`: the share of users' requests to the new version that fail, from 0 to "
                                            + "1, as the target sees them since the step began"),
                            Key.of(
                                    "job",
                                    Text.of(Formats.JOB_ID, PATTERN),
                                    "one of four",
                                    "a job of this file whose outcome is the result, `succeeded` or `failed`; it runs when it "
                                            + "is asked, with the version's address in `event.address`"),
                            Key.of(
                                    "pass",
                                    Words.CONDITION,
                                    "a 2xx status; success",
                                    "an expression over `result` (and `stable`, the same of the old version) "
                                            + "that is true when the new version is good"),
                            Key.of(
                                    "fail",
                                    Words.CONDITION,
                                    "the opposite of `pass`",
                                    "an expression that is true when it is bad; what neither passes nor fails "
                                            + "asks a person"),
                            Key.of(
                                    "every",
                                    span(Limits.LONGEST_HEALTH),
                                    "`30s`",
                                    "how often it is asked: " + times(Limits.LONGEST_HEALTH)),
                            Key.of(
                                    "failure-limit",
                                    new Shape.Whole(0, 100),
                                    "`0`",
                                    "how many bad answers are forgiven: 0 to 100"),
                            Key.of("compare", FLAG, "`false`", "the old version is asked too, for `stable`")))
            .rules(new Rule.OneOf(List.of("prometheus", "http", "requests", "job"), "make it several entries"))
            .elsewhere(Map.of(
                    "query",
                    "prometheus",
                    "successCondition",
                    "pass",
                    "failureCondition",
                    "fail",
                    "interval",
                    "every",
                    "failureLimit",
                    "failure-limit",
                    "url",
                    "http"))
            .such("analysis: [{name: errors, prometheus: \"…\", pass: result < 0.01}]");

    static final Keys WAVE = new Keys(
                    "a wave",
                    List.of(
                            Key.required(
                                    "name",
                                    Text.of(Formats.PLAIN_ID, PATTERN),
                                    "what it is called, made like a job's id",
                                    "such as `name: europe`"),
                            Key.of(
                                    "clusters",
                                    Words.ids(Formats.PLAIN_ID, Limits.PATTERNS),
                                    "`cluster`",
                                    "the clusters that it reaches"),
                            Key.of(
                                    "namespaces",
                                    Words.ids(Formats.PLAIN_ID, Limits.PATTERNS),
                                    "`namespace`",
                                    "the namespaces that it reaches"),
                            Key.of(
                                    "pause",
                                    span(Limits.LONGEST_JOB),
                                    "none",
                                    "how long it is watched before the next one: " + times(Limits.LONGEST_JOB)),
                            Key.of("approval", FLAG, "`false`", "a person says when the next wave begins")))
            .rules(new Rule.AnyOf(List.of("clusters", "namespaces"), "add one"))
            .such("waves: [{name: europe, clusters: [eu-1]}]");

    private RolloutShapes() {}
}

package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.span;
import static dev.flujo.core.plan.shape.Words.times;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Rule;
import dev.flujo.core.plan.shape.Shape.Table;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** A deployment: what is brought where, and how the new version takes over. */
final class DeployShape {

    static final Keys HEALTH = new Keys(
                    "`health`",
                    List.of(
                            Key.of(
                                    "path",
                                    Text.of(Formats.HTTP_PATH, PATTERN),
                                    "`" + Limits.DEFAULT_HEALTH_PATH + "`",
                                    "where the application answers 2xx over HTTP once it may serve: from the "
                                            + "first `/` on, at most "
                                            + PATTERN + " characters"),
                            Key.of(
                                    "timeout",
                                    span(Limits.LONGEST_HEALTH),
                                    "`30s`",
                                    "how long it may take to: " + times(Limits.LONGEST_HEALTH))))
            .elsewhere(Map.of("url", "path", "http", "path"))
            .later("port", "interval", "retries", "command", "status", "period", "start_period");

    private static final Shape IMAGES = new Table(
            List.of("image", "images"),
            Formats.IMAGE,
            Text.computed(Formats.IMAGE, PATTERN),
            1,
            Limits.IMAGES,
            "remove some",
            List.of());

    private static final List<String> WHAT = List.of("start", "manifests", "kustomize");

    static final Keys DEPLOY = new Keys(
                    "`deploy`",
                    List.of(
                            Key.of(
                                    "environment",
                                    Text.computed(Formats.ENVIRONMENT, PATTERN),
                                    "the job's",
                                    "where to: a name made like a job's id; may stand in the job's `environment` "
                                            + "instead"),
                            Key.required(
                                    "from",
                                    Text.of(Formats.JOB_ID, PATTERN),
                                    "a job that this job `needs` and that has `artifacts`: what is deployed",
                                    "the id of the job whose artifacts are deployed"),
                            Key.of(
                                    "start",
                                    Text.of(Format.ANY, Limits.SCRIPT),
                                    "one of three",
                                    "the command that starts the application among those artifacts; at most "
                                            + Limits.SCRIPT + " characters"),
                            Key.of(
                                    "manifests",
                                    Words.FILES,
                                    "one of three",
                                    "Kubernetes manifests among those artifacts: patterns of files"),
                            Key.of(
                                    "kustomize",
                                    Words.DIRECTORY,
                                    "one of three",
                                    "a kustomize directory among those artifacts"),
                            Key.of(
                                    "images",
                                    IMAGES,
                                    "the manifests' own",
                                    "images in the manifests, by name, and what is deployed as them; expressions "
                                            + "are replaced; at most "
                                            + Limits.IMAGES),
                            Key.of(
                                    "namespace",
                                    Text.computed(Formats.PLAIN_ID, PATTERN),
                                    "the environment's",
                                    "the namespace that they are applied to"),
                            Key.of(
                                    "cluster",
                                    Text.computed(Formats.PLAIN_ID, PATTERN),
                                    "the environment's",
                                    "the cluster that they are applied to"),
                            Key.of(
                                    "health",
                                    HEALTH,
                                    "`/health`, `30s`",
                                    "how to see that the application may serve: `path` and `timeout`"),
                            Key.of(
                                    "replicas",
                                    new Shape.Whole(1, Limits.REPLICAS),
                                    "`1`",
                                    "how many of it run: 1 to " + Limits.REPLICAS),
                            Key.of(
                                    "strategy",
                                    Forms.of(
                                            new Word(List.of("rolling", "blue-green", "canary")),
                                            null,
                                            RolloutShapes.STRATEGY,
                                            "as a word or as a mapping such as `"
                                                    + RolloutShapes.STRATEGY
                                                            .example()
                                                            .orElseThrow() + "`"),
                                    "`rolling`",
                                    "how the new version takes over; a `canary` without steps has 10, 50 and 100"),
                            Key.of(
                                    "analysis",
                                    new Items(RolloutShapes.ANALYSIS, 1, Limits.ROLLOUT_STEPS, ""),
                                    "health alone",
                                    "what else says whether the new version is good; see [Analysis](#analysis)"),
                            Key.of(
                                    "rollback",
                                    new Word(List.of("auto", "manual")),
                                    "`auto`",
                                    "who brings the old version back when the new one is bad"),
                            Key.of(
                                    "config",
                                    new Word(List.of("reread", "restart")),
                                    "none",
                                    "the application gets the environment's settings and secrets as files below "
                                            + "`$FLUJO_CONFIG`; when one changes it reads them again by itself, or its "
                                            + "replicas are replaced; see [Settings and secrets](#settings-and-secrets)"),
                            Key.of(
                                    "waves",
                                    new Items(RolloutShapes.WAVE, 1, Limits.ROLLOUT_STEPS, ""),
                                    "one wave",
                                    "clusters and namespaces one after the other; see [Waves](#waves)")))
            .rules(
                    new Rule.OneOf(WHAT, "deploy in two jobs"),
                    new Rule.Alone(
                            "start",
                            List.of("images", "namespace", "cluster", "waves"),
                            "these belong to `manifests` or `kustomize`"))
            .elsewhere(Map.ofEntries(
                    Map.entry("to", "environment"),
                    Map.entry("env", "jobs.<id>.env"),
                    Map.entry("artifacts", "from"),
                    Map.entry("run", "start"),
                    Map.entry("command", "start"),
                    Map.entry("script", "start"),
                    Map.entry("image", "images"),
                    Map.entry("timeout", "deploy.health.timeout"),
                    Map.entry("healthcheck", "health"),
                    Map.entry("readiness", "health"),
                    Map.entry("canary", "strategy"),
                    Map.entry("approval", "jobs.<id>.approval"),
                    Map.entry("settings", "config"),
                    Map.entry("secrets", "config"),
                    Map.entry("url", "jobs.<id>.environment.url"),
                    Map.entry("gates", "analysis"),
                    Map.entry("check", "analysis")))
            .later("ports", "port", "target", "helm", "chart");

    private DeployShape() {}
}

package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** The key {@code on}: all that may start a pipeline. */
final class OnShape {

    static final Keys ON = on();

    /** Those that say something without any settings. */
    static final List<String> BARE = List.of("push", "pull_request", "tag", "manual", "api", "deployment");

    private OnShape() {}

    private static Shape settings(Keys keys) {
        return Forms.of(
                        null,
                        null,
                        keys,
                        "without a value or as a mapping such as `"
                                + keys.example().orElseThrow() + "`")
                .orNothing();
    }

    private static Shape several(Keys keys, String name) {
        return Forms.of(
                null,
                new Items(keys, 1, Limits.SCHEDULES, keys.example().orElseThrow()),
                keys,
                "as a mapping or a list of mappings such as `" + name + "`");
    }

    private static Keys on() {
        return new Keys(
                        "`on`",
                        List.of(
                                Key.of(
                                        "push",
                                        settings(TriggerShapes.PUSH),
                                        "not there",
                                        "pushes to branches start a run"),
                                Key.of(
                                        "pull_request",
                                        settings(TriggerShapes.PULL_REQUEST),
                                        "not there",
                                        "pull or merge requests start a run of what they would merge"),
                                Key.of("tag", settings(TriggerShapes.TAG), "not there", "new tags start a run"),
                                Key.of(
                                        "schedule",
                                        several(TriggerShapes.SCHEDULE, "schedule: {cron: 0 3 * * *}"),
                                        "not there",
                                        "times start a run: one mapping or a list of at most " + Limits.SCHEDULES),
                                Key.of(
                                        "manual",
                                        Forms.of(
                                                        new Word(List.of("true")),
                                                        null,
                                                        new Keys("`manual`", List.of())
                                                                .elsewhere(Map.of("inputs", "/inputs")),
                                                        "without a value or with `true`")
                                                .orNothing(),
                                        "not there",
                                        "people may start a run, and are asked for its `inputs`"),
                                Key.of(
                                        "api",
                                        Forms.of(
                                                        new Word(List.of("true")),
                                                        null,
                                                        TriggerShapes.API,
                                                        "without a value or as a mapping such as `api: {if: \"…\"}`")
                                                .orNothing(),
                                        "not there",
                                        "programs may start a run over REST, with `inputs` and a `payload`"),
                                Key.of(
                                        "kafka",
                                        several(TriggerShapes.KAFKA, "kafka: {topic: base-images}"),
                                        "not there",
                                        "records of Kafka topics start a run: one mapping or a list of at most "
                                                + Limits.SCHEDULES),
                                Key.of(
                                        "upstream",
                                        several(TriggerShapes.UPSTREAM, "upstream: {pipeline: library}"),
                                        "not there",
                                        "other pipelines that have finished start a run: one mapping or a list "
                                                + "of at most "
                                                + Limits.SCHEDULES),
                                Key.of(
                                        "deployment",
                                        Forms.of(
                                                        null,
                                                        new Items(TriggerShapes.DEPLOYMENT, 1, Limits.SCHEDULES, ""),
                                                        TriggerShapes.DEPLOYMENT,
                                                        "without a value, as a mapping or a list of mappings")
                                                .orNothing(),
                                        "not there",
                                        "deployments of this project that have ended start a run")))
                .rules(new Shape.Rule.AnyOf(
                        List.of(
                                "push",
                                "pull_request",
                                "tag",
                                "schedule",
                                "manual",
                                "api",
                                "kafka",
                                "upstream",
                                "deployment"),
                        "name one or remove `on`"))
                .elsewhere(Map.ofEntries(
                        Map.entry("branches", "on.push.branches"),
                        Map.entry("branch", "on.push.branches"),
                        Map.entry("paths", "on.push.paths"),
                        Map.entry("tags", "tag"),
                        Map.entry("create", "tag"),
                        Map.entry("release", "tag"),
                        Map.entry("merge_request", "pull_request"),
                        Map.entry("merge_requests", "pull_request"),
                        Map.entry("pull_request_target", "pull_request"),
                        Map.entry("cron", "schedule"),
                        Map.entry("schedules", "schedule"),
                        Map.entry("workflow_dispatch", "manual"),
                        Map.entry("web", "manual"),
                        Map.entry("repository_dispatch", "api"),
                        Map.entry("trigger", "api"),
                        Map.entry("workflow_run", "upstream"),
                        Map.entry("pipeline", "upstream"),
                        Map.entry("deployment_status", "deployment"),
                        Map.entry("inputs", "/inputs")))
                .later("workflow_call", "issues", "issue_comment", "delete", "merge_group", "registry", "image");
    }
}

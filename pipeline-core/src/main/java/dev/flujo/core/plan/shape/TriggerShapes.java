package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Limits.PATTERNS;
import static dev.flujo.core.plan.shape.Words.CONDITION;
import static dev.flujo.core.plan.shape.Words.VALUES;
import static dev.flujo.core.plan.shape.Words.most;

import dev.flujo.core.plan.shape.Shape.Forms;
import dev.flujo.core.plan.shape.Shape.Items;
import dev.flujo.core.plan.shape.Shape.Keys;
import dev.flujo.core.plan.shape.Shape.Text;
import dev.flujo.core.plan.shape.Shape.Word;
import java.util.List;
import java.util.Map;

/** What may start a pipeline, and how that is written. */
final class TriggerShapes {

    /** What can happen to a pull request. */
    static final List<String> PULL_REQUEST_TYPES =
            List.of("opened", "synchronize", "reopened", "ready_for_review", "labeled", "unlabeled", "closed");

    /** How a run or a deployment can end. */
    static final List<String> OUTCOMES = List.of("succeeded", "failed", "errored", "cancelled");

    private static final Shape BRANCHES = Forms.texts(Text.of(Globs.BRANCHES, PATTERN), PATTERNS);
    private static final Shape TAGS = Forms.texts(Text.of(Globs.TAGS, PATTERN), PATTERNS);
    private static final Shape CHANGED = Forms.texts(Text.of(Globs.CHANGED, PATTERN), PATTERNS);
    private static final Shape SOME_OUTCOMES = words(OUTCOMES);
    private static final Shape BRANCH = Text.computed(Globs.BRANCH, PATTERN);

    private static final Key IF =
            Key.of("if", CONDITION, "always", "an expression over `event`; without it being true nothing starts");
    private static final Key PATHS = Key.of(
            "paths",
            CHANGED,
            "any file",
            "files of which at least one must be changed: paths or patterns, those with `!` taken back again; "
                    + most(PATTERNS));
    private static final Key INPUTS = Key.of(
            "inputs",
            VALUES,
            "their defaults",
            "values for the pipeline's `inputs`; expressions over `event` are replaced");

    static final Keys PUSH = new Keys(
                    "`push`",
                    List.of(
                            Key.of(
                                    "branches",
                                    BRANCHES,
                                    "every branch",
                                    "the branches whose pushes count: names or patterns, those with `!` taken "
                                            + "back again; "
                                            + most(PATTERNS)),
                            PATHS,
                            IF))
            .elsewhere(Map.of(
                    "branch", "branches",
                    "only", "branches",
                    "branches-ignore", "branches: [\"!…\"]",
                    "except", "branches: [\"!…\"]",
                    "paths-ignore", "paths: [\"!…\"]",
                    "changes", "paths",
                    "tags", "on.tag.tags",
                    "match", "if",
                    "when", "if"))
            .later("tags-ignore")
            .such("push: {branches: [main]}");

    static final Keys PULL_REQUEST = new Keys(
                    "`pull_request`",
                    List.of(
                            Key.of(
                                    "branches",
                                    BRANCHES,
                                    "every branch",
                                    "the branches that it asks to be merged into; as those of `push`"),
                            PATHS,
                            Key.of(
                                    "types",
                                    words(PULL_REQUEST_TYPES),
                                    "`opened`, `synchronize`, `reopened`",
                                    "what must have happened to it; also `ready_for_review`, `labeled`, `unlabeled`,"
                                            + " `closed`"),
                            IF))
            .elsewhere(Map.of(
                    "branch", "branches",
                    "branches-ignore", "branches: [\"!…\"]",
                    "paths-ignore", "paths: [\"!…\"]",
                    "changes", "paths",
                    "actions", "types",
                    "match", "if"))
            .such("pull_request: {branches: [main]}");

    static final Keys TAG = new Keys(
                    "`tag`",
                    List.of(
                            Key.of(
                                    "tags",
                                    TAGS,
                                    "every tag",
                                    "the new tags that count: names or patterns, as the branches of `push`"),
                            IF))
            .elsewhere(Map.of("tag", "tags", "names", "tags", "pattern", "tags", "match", "if"))
            .such("tag: {tags: [\"v*\"]}");

    static final Keys SCHEDULE = new Keys(
                    "`schedule`",
                    List.of(
                            Key.required(
                                    "cron",
                                    Text.of(Formats.CRON, PATTERN),
                                    "when: minute, hour, day of the month, month and day of the week as numbers, names,"
                                            + " `*`, lists, ranges and `/` steps; a day counts if either day "
                                            + "field says so",
                                    "such as `cron: 0 3 * * 1-5`"),
                            Key.of(
                                    "timezone",
                                    Text.of(Formats.ZONE, PATTERN),
                                    "`UTC`",
                                    "where the clock hangs, such as `Europe/Berlin`; an hour that summer time skips is"
                                            + " made up for right after, one that it repeats counts once"),
                            Key.of("branch", BRANCH, "`main`", "the branch whose newest commit is run"),
                            Key.of(
                                    "missed",
                                    new Word(List.of("once", "each", "skip")),
                                    "`once`",
                                    "what becomes of times at which Flujo was not there: one run for all, one "
                                            + "for `each`,"
                                            + " or none (`skip`)"),
                            INPUTS))
            .elsewhere(Map.of(
                    "tz", "timezone", "zone", "timezone", "time-zone", "timezone", "with", "inputs", "ref", "branch"))
            .such("cron: 0 3 * * 1-5");

    static final Keys API = new Keys("`api`", List.of(IF)).elsewhere(Map.of("inputs", "/inputs", "match", "if"));

    static final Keys KAFKA = new Keys(
                    "`kafka`",
                    List.of(
                            Key.required(
                                    "topic",
                                    Text.of(Formats.TOPIC, PATTERN),
                                    "the topic; each of its records is an event with `topic`, `key`, `headers` and"
                                            + " `payload`",
                                    "such as `topic: base-images`"),
                            IF,
                            Key.of(
                                    "branch",
                                    BRANCH,
                                    "`main`",
                                    "the branch whose newest commit is run; may be an expression"),
                            INPUTS))
            .elsewhere(Map.of("match", "if", "filter", "if", "topics", "topic", "with", "inputs"))
            .such("kafka: {topic: base-images}");

    static final Keys UPSTREAM = new Keys(
                    "`upstream`",
                    List.of(
                            Key.required(
                                    "pipeline",
                                    Text.of(Formats.PIPELINE_NAME, PATTERN),
                                    "the pipeline whose runs count when they have finished",
                                    "such as `pipeline: library`"),
                            Key.of(
                                    "project",
                                    Text.of(Formats.PROJECT, PATTERN),
                                    "this project",
                                    "the project of that pipeline"),
                            Key.of("branches", BRANCHES, "every branch", "the branches that its run worked on"),
                            Key.of(
                                    "outcomes",
                                    SOME_OUTCOMES,
                                    "`succeeded`",
                                    "how it must have ended: `succeeded`, `failed`, `errored`, `cancelled`"),
                            IF,
                            Key.of(
                                    "branch",
                                    BRANCH,
                                    "that run's revision; of another project `main`",
                                    "the branch whose newest commit is run"),
                            INPUTS))
            .elsewhere(Map.of(
                    "workflows", "pipeline",
                    "workflow", "pipeline",
                    "types", "outcomes",
                    "status", "outcomes",
                    "branches-ignore", "branches: [\"!…\"]",
                    "match", "if",
                    "with", "inputs"))
            .such("upstream: {pipeline: library}");

    static final Keys DEPLOYMENT = new Keys(
                    "`deployment`",
                    List.of(
                            Key.of(
                                    "environments",
                                    Words.ids(Formats.ENVIRONMENT, PATTERNS),
                                    "every environment",
                                    "the environments whose deployments count when they have ended"),
                            Key.of(
                                    "outcomes",
                                    SOME_OUTCOMES,
                                    "`succeeded`",
                                    "how they must have ended, as for `upstream`"),
                            IF,
                            INPUTS))
            .elsewhere(Map.of("environment", "environments", "state", "outcomes", "status", "outcomes", "match", "if"))
            .such("deployment: {environments: [staging]}");

    static final Keys ON = on();

    /** Those that say something without any settings. */
    static final List<String> BARE = List.of("push", "pull_request", "tag", "manual", "api", "deployment");

    private TriggerShapes() {}

    private static Shape words(List<String> words) {
        return Forms.texts(new Word(words), words.size());
    }

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
                                Key.of("push", settings(PUSH), "not there", "pushes to branches start a run"),
                                Key.of(
                                        "pull_request",
                                        settings(PULL_REQUEST),
                                        "not there",
                                        "pull or merge requests start a run of what they would merge"),
                                Key.of("tag", settings(TAG), "not there", "new tags start a run"),
                                Key.of(
                                        "schedule",
                                        several(SCHEDULE, "schedule: {cron: 0 3 * * *}"),
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
                                                        API,
                                                        "without a value or as a mapping such as `api: {if: \"…\"}`")
                                                .orNothing(),
                                        "not there",
                                        "programs may start a run over REST, with `inputs` and a `payload`"),
                                Key.of(
                                        "kafka",
                                        several(KAFKA, "kafka: {topic: base-images}"),
                                        "not there",
                                        "records of Kafka topics start a run: one mapping or a list of at most "
                                                + Limits.SCHEDULES),
                                Key.of(
                                        "upstream",
                                        several(UPSTREAM, "upstream: {pipeline: library}"),
                                        "not there",
                                        "other pipelines that have finished start a run: one mapping or a list "
                                                + "of at most "
                                                + Limits.SCHEDULES),
                                Key.of(
                                        "deployment",
                                        Forms.of(
                                                        null,
                                                        new Items(DEPLOYMENT, 1, Limits.SCHEDULES, ""),
                                                        DEPLOYMENT,
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

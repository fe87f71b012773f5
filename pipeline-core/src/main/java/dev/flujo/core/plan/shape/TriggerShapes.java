package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Limits.PATTERNS;
import static dev.flujo.core.plan.shape.Words.CONDITION;
import static dev.flujo.core.plan.shape.Words.VALUES;
import static dev.flujo.core.plan.shape.Words.most;

import dev.flujo.core.plan.shape.Shape.Forms;
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

    private TriggerShapes() {}

    private static Shape words(List<String> words) {
        return Forms.texts(new Word(words), words.size());
    }
}

package dev.flujo.core.plan.shape;

import static dev.flujo.core.plan.shape.Limits.PATTERN;
import static dev.flujo.core.plan.shape.Words.CONDITION;
import static dev.flujo.core.plan.shape.Words.FLAG;
import static dev.flujo.core.plan.shape.Words.most;
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

/** A job, and what a pipeline's `defaults` may say for all of them. */
final class JobShape {

    static final Keys GROUP = new Keys(
                    "`concurrency`",
                    List.of(
                            Key.of(
                                    "group",
                                    Text.computed(Formats.LINE, PATTERN),
                                    "pipeline and branch",
                                    "the group's name in the project; expressions are replaced"),
                            Key.of(
                                    "limit",
                                    new Shape.Whole(1, Limits.CONCURRENT),
                                    "`1`",
                                    "how many of the group may go on at once: 1 to " + Limits.CONCURRENT),
                            Key.of(
                                    "policy",
                                    new Word(List.of("queue", "cancel-older", "latest-only")),
                                    "`queue`",
                                    "what a new one means: all wait in their order (`queue`), older ones that "
                                            + "wait or run are cancelled (`cancel-older`), older ones that wait "
                                            + "are cancelled (`latest-only`)"),
                            Key.of("cancellable", FLAG, "`true`", "whether a newer one may end it while it runs")))
            .elsewhere(Map.of(
                    "cancel-in-progress",
                    "policy: cancel-older",
                    "name",
                    "group",
                    "max",
                    "limit",
                    "strategy",
                    "policy"))
            .such("concurrency: {group: production, policy: queue}");

    static final Shape CONCURRENCY = Forms.of(
            Text.computed(Formats.LINE, PATTERN),
            null,
            GROUP,
            "as a group's name or as a mapping such as `" + GROUP.example().orElseThrow() + "`");

    static final Keys ENVIRONMENT = new Keys(
                    "`environment`",
                    List.of(
                            Key.required(
                                    "name",
                                    Text.computed(Formats.ENVIRONMENT, PATTERN),
                                    "its name, made like a job's id; expressions are replaced",
                                    "such as `name: staging`"),
                            Key.of(
                                    "url",
                                    Text.computed(Formats.URL, Limits.DESCRIPTION),
                                    "none",
                                    "where people find it; expressions are replaced"),
                            Key.of(
                                    "ttl",
                                    span(Limits.LONGEST_WAIT),
                                    "stays",
                                    "how long after its last deployment it is taken down: "
                                            + times(Limits.LONGEST_WAIT))))
            .elsewhere(Map.of("auto_stop_in", "ttl", "expire", "ttl", "deployment_tier", "name"))
            .later("on_stop", "action", "kubernetes")
            .such("environment: {name: staging, url: \"https://…\"}");

    static final Keys APPROVAL = new Keys(
                    "`approval`",
                    List.of(
                            Key.of(
                                    "from",
                                    Forms.texts(Text.of(Formats.PRINCIPAL, PATTERN), Limits.APPROVERS),
                                    "all who may write",
                                    "who may consent: `user:NAME` or `group:NAME`, at most " + Limits.APPROVERS),
                            Key.of(
                                    "count",
                                    new Shape.Whole(1, Limits.APPROVERS),
                                    "`1`",
                                    "how many of them it takes: 1 to " + Limits.APPROVERS),
                            Key.of(
                                    "not-author",
                                    FLAG,
                                    "`false`",
                                    "neither who started the run nor the commit's author counts"),
                            Key.of(
                                    "expires",
                                    span(Limits.LONGEST_WAIT),
                                    "`7d`",
                                    "how long it waits for them; then the job fails: " + times(Limits.LONGEST_WAIT))))
            .elsewhere(Map.of(
                    "reviewers",
                    "from",
                    "required_approvals",
                    "count",
                    "groups",
                    "from",
                    "users",
                    "from",
                    "timeout",
                    "expires",
                    "expire",
                    "expires"))
            .such("approval: {from: group:sre}");

    static final Keys RETRY = new Keys(
                    "`retry`",
                    List.of(
                            Key.required(
                                    "max",
                                    new Shape.Whole(1, Limits.RETRIES),
                                    "how many further attempts: 1 to " + Limits.RETRIES,
                                    "such as `max: 2`"),
                            Key.of(
                                    "on",
                                    Forms.texts(Text.of(Formats.RETRY_REASON, PATTERN), 20),
                                    "`platform`",
                                    "after what: `platform` (not the job's fault), `timeout`, `failure` (any "
                                            + "exit code but 0), `exit:N`"),
                            Key.of(
                                    "backoff",
                                    span(Limits.LONGEST_HEALTH),
                                    "`10s`",
                                    "the pause before the second attempt, which doubles each time: "
                                            + times(Limits.LONGEST_HEALTH))))
            .elsewhere(Map.of(
                    "when",
                    "on",
                    "attempts",
                    "max",
                    "limit",
                    "max",
                    "exit_codes",
                    "on: [\"exit:N\"]",
                    "delay",
                    "backoff"))
            .such("retry: {max: 2, on: [failure]}");

    static final Keys CACHE = new Keys(
                    "`cache`",
                    List.of(
                            Key.required(
                                    "paths",
                                    Forms.texts(Text.of(Globs.CACHED, PATTERN), 20),
                                    "the directories that are kept: in the workspace, or from `~/` on; at most 20",
                                    "such as `paths: [~/.m2]`"),
                            Key.of(
                                    "key",
                                    Forms.of(
                                            Text.computed(Formats.LINE, PATTERN),
                                            null,
                                            new Keys(
                                                            "`key`",
                                                            List.of(
                                                                    Key.required(
                                                                            "files",
                                                                            Forms.texts(
                                                                                    Text.of(Globs.FILES, PATTERN), 20),
                                                                            "files whose content makes the key; "
                                                                                    + "at most 20",
                                                                            "such as `files: [pom.xml]`"),
                                                                    Key.of(
                                                                            "prefix",
                                                                            Text.computed(Formats.LINE, PATTERN),
                                                                            "the job's id",
                                                                            "what the key begins with; "
                                                                                    + "expressions are replaced")))
                                                    .such("key: {files: [pom.xml]}"),
                                            "as text or as a mapping such as `key: {files: [pom.xml]}`"),
                                    "the job's id",
                                    "what finds the same files again: text in which expressions are replaced, or "
                                            + "`files` (at most 20) whose content makes it, with a `prefix` (the "
                                            + "job's id)"),
                            Key.of(
                                    "restore-keys",
                                    Forms.texts(Text.computed(Formats.LINE, PATTERN), 10),
                                    "none",
                                    "beginnings of keys that will do where the key finds nothing; at most 10"),
                            Key.of(
                                    "policy",
                                    new Word(List.of("pull", "push", "both")),
                                    "`both`",
                                    "only read (`pull`), only write (`push`), or `both`")))
            .elsewhere(Map.of(
                    "path",
                    "paths",
                    "fallback_keys",
                    "restore-keys",
                    "restore_keys",
                    "restore-keys",
                    "files",
                    "key: {files: …}"))
            .later("untracked", "unprotect", "when")
            .such("cache: {key: {files: [pom.xml]}, paths: [~/.m2]}");

    static final Keys ARTIFACTS = new Keys(
                    "`artifacts`",
                    List.of(
                            Key.of(
                                    "paths",
                                    Words.FILES,
                                    "none",
                                    "files that are kept: " + "at most " + Limits.PATTERNS
                                            + " patterns, each of at most " + PATTERN + " characters"),
                            Key.of(
                                    "when",
                                    new Word(List.of("success", "failure", "always")),
                                    "`success`",
                                    "after which end they are kept: `success`, `failure` or `always`"),
                            Key.of(
                                    "expire",
                                    span(Limits.LONGEST_KEPT),
                                    "the project's",
                                    "how long they are kept: " + times(Limits.LONGEST_KEPT)),
                            Key.of(
                                    "from",
                                    Words.ids(Formats.JOB_ID, Limits.NEEDS),
                                    "none",
                                    "jobs that this job needs and whose artifacts lie in its workspace before "
                                            + "the first step")))
            .rules(new Rule.AnyOf(List.of("paths", "from"), "add `paths`"))
            .elsewhere(Map.of(
                    "path",
                    "paths",
                    "files",
                    "paths",
                    "reports",
                    "jobs.<id>.reports",
                    "expire_in",
                    "expire",
                    "retention-days",
                    "expire",
                    "download",
                    "from"))
            .later("name", "untracked", "exclude")
            .such("artifacts: {paths: [\"target/**\"]}");

    static final Keys REPORTS = new Keys(
                    "`reports`",
                    List.of(
                            Key.of(
                                    "junit",
                                    Words.FILES,
                                    "none",
                                    "JUnit XML files, read when the steps have ended, also after a failure: "
                                            + "patterns as those of `artifacts`"),
                            Key.of("ctrf", Words.FILES, "none", "test results in CTRF"),
                            Key.of("coverage", Words.FILES, "none", "JaCoCo or Cobertura XML files"),
                            Key.of("sarif", Words.FILES, "none", "findings in SARIF"),
                            Key.of("sbom", Words.FILES, "none", "software bills of materials in CycloneDX")))
            .rules(new Rule.AnyOf(List.of("junit", "ctrf", "coverage", "sarif", "sbom"), "add one"))
            .elsewhere(Map.of(
                    "tests",
                    "junit",
                    "xunit",
                    "junit",
                    "coverage_report",
                    "coverage",
                    "cyclonedx",
                    "sbom",
                    "sast",
                    "sarif"))
            .later("dotenv", "flaky")
            .such("reports: {junit: [\"target/**/*.xml\"]}");

    private static final Shape CACHES = Forms.of(
            null,
            new Items(CACHE, 1, Limits.CACHES, ""),
            CACHE,
            "as a mapping such as `" + CACHE.example().orElseThrow() + "`");

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
                    RETRY,
                    "3 attempts when runners are lost",
                    "when it is tried again; see [Retries](#retries)"),
            Key.of(
                    "cache",
                    CACHES,
                    "none",
                    "files that later jobs find again: one mapping or a list of at most " + Limits.CACHES
                            + "; see [Caches](#caches)"),
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
                            ENVIRONMENT,
                            "as a name or as a mapping such as `"
                                    + ENVIRONMENT.example().orElseThrow() + "`"),
                    "none",
                    "the environment that it works on, alone; see [Environments](#environments)"),
            Key.of(
                    "approval",
                    Forms.of(
                                    null,
                                    null,
                                    APPROVAL,
                                    "without a value or as a mapping such as `"
                                            + APPROVAL.example().orElseThrow() + "`")
                            .orNothing(),
                    "none",
                    "people who must consent before it starts; see [Approvals](#approvals)"),
            Key.of(
                    "concurrency",
                    CONCURRENCY,
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
            Key.of("artifacts", ARTIFACTS, "none", "files that are kept, or taken over; see [Artifacts](#artifacts)"),
            Key.of("reports", REPORTS, "none", "files with test results and findings; see [Reports](#reports)"),
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

package dev.flujo.core.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that one kind of mapping may have, the words that other systems use for the same, and the words that Flujo
 * has no meaning for yet.
 */
record Vocabulary(String owner, List<String> keys, Map<String, String> elsewhere, Set<String> later) {

    static final Vocabulary PIPELINE = new Vocabulary(
            "a pipeline",
            List.of("name", "on", "env", "jobs"),
            Map.ofEntries(
                    Map.entry("steps", "jobs.<id>.steps"),
                    Map.entry("script", "jobs.<id>.steps"),
                    Map.entry("stage", "jobs.<id>.needs"),
                    Map.entry("stages", "jobs.<id>.needs"),
                    Map.entry("needs", "jobs.<id>.needs"),
                    Map.entry("deploy", "jobs.<id>.deploy"),
                    Map.entry("timeout", "jobs.<id>.timeout"),
                    Map.entry("artifacts", "jobs.<id>.artifacts"),
                    Map.entry("reports", "jobs.<id>.reports"),
                    Map.entry("before_script", "jobs.<id>.steps"),
                    Map.entry("workflow", "on"),
                    Map.entry("when", "on"),
                    Map.entry("trigger", "on"),
                    Map.entry("triggers", "on"),
                    Map.entry("branches", "on.push.branches"),
                    Map.entry("push", "on.push"),
                    Map.entry("variables", "env"),
                    Map.entry("environment", "env"),
                    Map.entry("workflows", "jobs"),
                    Map.entry("tasks", "jobs"),
                    Map.entry("pipeline", "jobs")),
            Set.of(
                    "services",
                    "concurrency",
                    "permissions",
                    "defaults",
                    "default",
                    "include",
                    "extends",
                    "cache",
                    "secrets",
                    "matrix",
                    "schedule",
                    "cron",
                    "image",
                    "clone",
                    "version",
                    "run-name",
                    "inputs",
                    "params",
                    "resources",
                    "pool",
                    "parameters",
                    "options",
                    "after_script",
                    "notify",
                    "notifications",
                    "labels"));

    static final Vocabulary JOB = new Vocabulary(
            "a job",
            List.of("needs", "env", "steps", "timeout", "artifacts", "reports", "deploy"),
            Map.ofEntries(
                    Map.entry("script", "steps[].run"),
                    Map.entry("commands", "steps[].run"),
                    Map.entry("run", "steps[].run"),
                    Map.entry("before_script", "steps[].run"),
                    Map.entry("stage", "needs"),
                    Map.entry("depends_on", "needs"),
                    Map.entry("depends-on", "needs"),
                    Map.entry("dependsOn", "needs"),
                    Map.entry("dependencies", "needs"),
                    Map.entry("requires", "needs"),
                    Map.entry("runAfter", "needs"),
                    Map.entry("passed", "needs"),
                    Map.entry("timeout-minutes", "timeout"),
                    Map.entry("timeoutInMinutes", "timeout"),
                    Map.entry("variables", "env"),
                    Map.entry("environment", "deploy.environment"),
                    Map.entry("health", "deploy.health"),
                    Map.entry("start", "deploy.start"),
                    Map.entry("from", "deploy.from"),
                    Map.entry("junit", "reports.junit"),
                    Map.entry("paths", "artifacts.paths"),
                    Map.entry("outputs", "artifacts.paths")),
            Set.of(
                    "if",
                    "when",
                    "rules",
                    "only",
                    "except",
                    "strategy",
                    "matrix",
                    "parallel",
                    "services",
                    "container",
                    "image",
                    "runs-on",
                    "runs_on",
                    "tags",
                    "labels",
                    "pool",
                    "concurrency",
                    "resource_group",
                    "retry",
                    "retries",
                    "continue-on-error",
                    "allow_failure",
                    "allow-failure",
                    "secrets",
                    "permissions",
                    "cache",
                    "after_script",
                    "approval",
                    "uses",
                    "with",
                    "defaults",
                    "name",
                    "priority",
                    "always",
                    "on-failure",
                    "workdir",
                    "working-directory",
                    "privileged",
                    "user",
                    "network",
                    "volumes",
                    "coverage",
                    "extends",
                    "interruptible",
                    "queue-timeout",
                    "hooks"));

    static final Vocabulary STEP = new Vocabulary(
            "a step",
            List.of("name", "run", "env"),
            Map.ofEntries(
                    Map.entry("script", "run"),
                    Map.entry("command", "run"),
                    Map.entry("commands", "run"),
                    Map.entry("cmd", "run"),
                    Map.entry("sh", "run"),
                    Map.entry("bash", "run"),
                    Map.entry("variables", "env"),
                    Map.entry("environment", "env"),
                    Map.entry("displayName", "name"),
                    Map.entry("timeout", "jobs.<id>.timeout"),
                    Map.entry("timeout-minutes", "jobs.<id>.timeout"),
                    Map.entry("artifacts", "jobs.<id>.artifacts"),
                    Map.entry("reports", "jobs.<id>.reports"),
                    Map.entry("needs", "jobs.<id>.needs"),
                    Map.entry("deploy", "jobs.<id>.deploy")),
            Set.of(
                    "uses",
                    "with",
                    "if",
                    "when",
                    "id",
                    "shell",
                    "working-directory",
                    "workdir",
                    "continue-on-error",
                    "image",
                    "cache",
                    "secrets",
                    "retry",
                    "background",
                    "services",
                    "privileged",
                    "volumes",
                    "failure",
                    "plugin",
                    "settings",
                    "outputs"));

    static final Vocabulary ON = new Vocabulary(
            "`on`",
            List.of("push", "manual"),
            Map.of("branches", "on.push.branches", "branch", "on.push.branches", "workflow_dispatch", "manual"),
            Set.of(
                    "pull_request",
                    "pull_request_target",
                    "merge_request",
                    "tag",
                    "tags",
                    "schedule",
                    "cron",
                    "release",
                    "paths",
                    "workflow_call",
                    "workflow_run",
                    "repository_dispatch",
                    "deployment",
                    "issues",
                    "kafka",
                    "create",
                    "delete",
                    "merge_group"));

    static final Vocabulary PUSH = new Vocabulary(
            "`push`",
            List.of("branches"),
            Map.of("branch", "branches", "only", "branches"),
            Set.of("tags", "paths", "branches-ignore", "tags-ignore", "paths-ignore", "if", "except"));

    static final Vocabulary ARTIFACTS = new Vocabulary(
            "`artifacts`",
            List.of("paths"),
            Map.of("path", "paths", "files", "paths", "reports", "jobs.<id>.reports"),
            Set.of("expire", "expire_in", "name", "when", "untracked", "exclude", "retention-days"));

    static final Vocabulary REPORTS = new Vocabulary(
            "`reports`",
            List.of("junit"),
            Map.of("tests", "junit", "xunit", "junit"),
            Set.of("coverage", "coverage_report", "flaky", "sarif", "dotenv"));

    static final Vocabulary DEPLOY = new Vocabulary(
            "`deploy`",
            List.of("environment", "from", "start", "health"),
            Map.ofEntries(
                    Map.entry("to", "environment"),
                    Map.entry("env", "jobs.<id>.env"),
                    Map.entry("artifacts", "from"),
                    Map.entry("run", "start"),
                    Map.entry("command", "start"),
                    Map.entry("script", "start"),
                    Map.entry("timeout", "deploy.health.timeout"),
                    Map.entry("healthcheck", "health"),
                    Map.entry("readiness", "health")),
            Set.of(
                    "strategy",
                    "manifests",
                    "image",
                    "replicas",
                    "rollback",
                    "url",
                    "approval",
                    "namespace",
                    "canary",
                    "ports",
                    "port",
                    "target",
                    "gates"));

    static final Vocabulary HEALTH = new Vocabulary(
            "`health`",
            List.of("path", "timeout"),
            Map.of("url", "path", "http", "path"),
            Set.of("port", "interval", "retries", "command", "status", "period", "start_period"));

    /** Why this key is refused, if it is. */
    Optional<String> refusal(String key) {
        if (keys.contains(key)) {
            return Optional.empty();
        }
        if (elsewhere.containsKey(key)) {
            return Optional.of("Expected a key of " + owner + " (" + Quote.all(keys, "or") + "), but " + Quote.of(key)
                    + " is not Flujo's word for it here; write `" + elsewhere.get(key) + "`.");
        }
        if (later.contains(key)) {
            return Optional.of("Expected a key of " + owner + " (" + Quote.all(keys, "or") + "), but " + Quote.of(key)
                    + " is not supported yet; remove it.");
        }
        return Optional.of("Expected a key of " + owner + " (" + Quote.all(keys, "or") + "), but " + Quote.of(key)
                + " is unknown; correct or remove it.");
    }

    /** Whether this refused key stands for the wanted one. */
    boolean leads(String key, String wanted) {
        if (keys.contains(key)) {
            return false;
        }
        String instead = elsewhere.getOrDefault(key, meant(key).orElse(""));
        return instead.equals(wanted) || instead.startsWith(wanted + ".") || instead.startsWith(wanted + "[");
    }

    /** The key that was probably meant by one that means nothing anywhere. */
    Optional<String> meant(String key) {
        boolean explained = elsewhere.containsKey(key) || later.contains(key);
        return explained ? Optional.empty() : Spelling.nearest(key, keys);
    }
}

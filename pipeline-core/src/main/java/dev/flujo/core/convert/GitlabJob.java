package dev.flujo.core.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts a job of GitLab CI, with what it extends laid under it. */
final class GitlabJob {

    private static final Pattern COMPARED = Pattern.compile(
            "\\$(CI_COMMIT_BRANCH|CI_COMMIT_TAG|CI_PIPELINE_SOURCE|CI_COMMIT_REF_NAME) *(==|!=) *[\"']([^\"']*)[\"']");
    private static final Map<String, String> VARIABLES = Map.of(
            "CI_COMMIT_BRANCH", "event.branch",
            "CI_COMMIT_REF_NAME", "event.branch",
            "CI_COMMIT_TAG", "event.tag",
            "CI_PIPELINE_SOURCE", "event.kind");
    private static final Map<String, String> SOURCES = Map.of(
            "merge_request_event",
            "pull_request",
            "web",
            "manual",
            "schedule",
            "schedule",
            "push",
            "push",
            "api",
            "api");
    private static final List<String> KNOWN = List.of(
            "stage",
            "needs",
            "script",
            "before_script",
            "after_script",
            "image",
            "services",
            "variables",
            "rules",
            "only",
            "except",
            "when",
            "artifacts",
            "cache",
            "allow_failure",
            "retry",
            "timeout",
            "parallel",
            "tags",
            "environment",
            "resource_group",
            "interruptible",
            "dependencies");

    private final Notes notes;
    private final Map<String, Part> fields;
    private final List<String> needs;
    private final Map<String, Object> job = new LinkedHashMap<>();

    GitlabJob(Notes notes, Map<String, Part> fields, List<String> needs) {
        this.notes = notes;
        this.fields = fields;
        this.needs = needs;
    }

    Map<String, Object> convert() {
        if (!needs.isEmpty()) {
            job.put("needs", Words.one(needs));
        }
        field("image")
                .flatMap(part -> part.text().or(() -> part.text("name")))
                .ifPresent(image -> job.put("image", replaced(image)));
        field("tags").ifPresent(part -> job.put("labels", part.texts()));
        field("variables").map(Words::table).filter(env -> !env.isEmpty()).ifPresent(env -> job.put("env", env));
        field("rules").ifPresent(this::rules);
        field("when").ifPresent(part -> when(part.line(), part.text().orElse("")));
        for (String key : List.of("only", "except")) {
            field(key)
                    .ifPresent(part ->
                            notes.add(part.line(), key, "say it as `if`, such as `if: event.branch == 'main'`"));
        }
        services();
        artifacts();
        cache();
        retry();
        field("timeout")
                .flatMap(Part::text)
                .map(Words::span)
                .filter(span -> !span.isEmpty())
                .ifPresent(span -> job.put("timeout", span));
        field("allow_failure")
                .ifPresent(part -> job.put("continue-on-error", part.text().orElse("true")));
        field("parallel").ifPresent(this::parallel);
        field("environment").ifPresent(this::environment);
        field("resource_group").flatMap(Part::text).ifPresent(group -> job.put("concurrency", replaced(group)));
        steps();
        fields.forEach((key, part) -> {
            if (!KNOWN.contains(key)) {
                notes.add(part.line(), key, "Flujo has nothing like it; remove it or say it in a script");
            }
        });
        return job;
    }

    private Optional<Part> field(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    private List<String> scripts(String key) {
        return field(key).map(Part::texts).orElse(List.of());
    }

    /** The lines of a script share a shell in GitLab, so they stay one step. */
    private void steps() {
        List<String> lines = new ArrayList<>(scripts("before_script"));
        lines.addAll(scripts("script"));
        List<Object> steps = new ArrayList<>();
        steps.add(lines.isEmpty() ? "true" : String.join("\n", lines));
        List<String> after = scripts("after_script");
        if (!after.isEmpty()) {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("run", String.join("\n", after));
            step.put("always", "true");
            step.put("continue-on-error", "true");
            steps.add(step);
        }
        job.put("steps", steps);
        if (lines.isEmpty()) {
            notes.look(line(), "a job without `script` does nothing here; write its steps");
        }
        String all = String.join("\n", lines);
        Matcher variable = Pattern.compile("\\$\\{?(CI_[A-Z_]+)").matcher(all);
        java.util.Set<String> named = new java.util.TreeSet<>();
        while (variable.find()) {
            named.add(variable.group(1));
        }
        if (!named.isEmpty()) {
            notes.look(
                    field("script").map(Part::line).orElse(line()),
                    "scripts use " + String.join(", ", named)
                            + "; set them in `env`, or use `FLUJO_BRANCH`, `FLUJO_COMMIT` and the others of the reference");
        }
    }

    private int line() {
        return fields.values().stream().mapToInt(Part::line).min().orElse(1);
    }

    private void rules(Part part) {
        List<String> conditions = new ArrayList<>();
        for (Part rule : part.items()) {
            String when = rule.text("when").orElse("on_success");
            rule.field("changes")
                    .ifPresent(changes -> notes.add(
                            changes.line(),
                            "changes",
                            "say it as `paths` of a trigger, or as `if: event.paths.exists(p, …)`"));
            Optional<String> cel = rule.text("if").flatMap(GitlabJob::condition);
            if (rule.has("if") && cel.isEmpty()) {
                notes.add(rule.line(), "if: " + rule.text("if").orElse(""), "write the condition in CEL over event");
            } else if (when.equals("never")) {
                cel.ifPresent(text -> conditions.add(0, "!(" + text + ")"));
            } else {
                cel.ifPresent(conditions::add);
                when(rule.line(), when);
            }
        }
        List<String> not =
                conditions.stream().filter(text -> text.startsWith("!(")).toList();
        List<String> any =
                conditions.stream().filter(text -> !text.startsWith("!(")).toList();
        List<String> all = new ArrayList<>(not);
        if (!any.isEmpty()) {
            all.add(any.size() == 1 ? any.get(0) : "(" + String.join(" || ", any) + ")");
        }
        if (!all.isEmpty()) {
            job.put("if", String.join(" && ", all));
        }
    }

    private void when(int line, String when) {
        switch (when) {
            case "manual" -> {
                job.put("approval", Map.of());
                notes.look(line, "`when: manual` became `approval`: what needs the job waits for the consent, too");
            }
            case "always" -> job.put("always", "true");
            case "on_failure" -> job.put("on-failure", "true");
            case "delayed" -> notes.add(line, "when: delayed", "let a step wait, or a schedule start a run");
            default -> {
                // As jobs run anyway.
            }
        }
    }

    /** A rule's condition in CEL; none where it is more than comparisons. */
    static Optional<String> condition(String text) {
        Matcher matcher = COMPARED.matcher(text);
        StringBuilder cel = new StringBuilder();
        while (matcher.find()) {
            String value = matcher.group(1).equals("CI_PIPELINE_SOURCE")
                    ? SOURCES.getOrDefault(matcher.group(3), matcher.group(3))
                    : matcher.group(3);
            matcher.appendReplacement(
                    cel,
                    Matcher.quoteReplacement(
                            VARIABLES.get(matcher.group(1)) + " " + matcher.group(2) + " '" + value + "'"));
        }
        String converted = matcher.appendTail(cel)
                .toString()
                .replaceAll("\\$CI_COMMIT_TAG\\b(?! *[=!]=)", "event.tag != ''")
                .replaceAll("\\$CI_COMMIT_BRANCH\\b(?! *[=!]=)", "event.branch != ''")
                .replace("event.branch == $CI_DEFAULT_BRANCH", "event.branch == 'main'")
                .replace("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "event.branch == 'main'");
        return converted.contains("$") || converted.contains("=~") ? Optional.empty() : Optional.of(converted);
    }

    private static String replaced(String text) {
        return text.replaceAll(
                        "\\$\\{?(CI_COMMIT_REF_NAME|CI_COMMIT_BRANCH|CI_COMMIT_REF_SLUG)}?", "\\${{ event.branch }}")
                .replaceAll("\\$\\{?(CI_COMMIT_SHA|CI_COMMIT_SHORT_SHA)}?", "\\${{ event.commit }}");
    }

    private void services() {
        field("services").ifPresent(part -> {
            Map<String, Object> services = new LinkedHashMap<>();
            part.items().forEach(service -> {
                String image = service.text().or(() -> service.text("name")).orElse("");
                String name = service.text("alias")
                        .orElseGet(() -> image.replaceAll("[:@].*$", "").replaceAll("^.*/", ""));
                services.put(Words.id(name), Map.of("image", image));
            });
            if (!services.isEmpty()) {
                job.put("services", services);
            }
        });
    }

    private void artifacts() {
        field("artifacts").ifPresent(part -> {
            Map<String, Object> artifacts = new LinkedHashMap<>();
            if (!part.texts("paths").isEmpty()) {
                artifacts.put(
                        "paths",
                        part.texts("paths").stream()
                                .map(path -> path.endsWith("/") ? path + "**" : path)
                                .toList());
                part.text("expire_in")
                        .map(Words::span)
                        .filter(span -> !span.isEmpty())
                        .ifPresent(span -> artifacts.put("expire", span));
                part.text("when").ifPresent(when -> artifacts.put("when", when.replace("on_", "")));
            }
            if (!artifacts.isEmpty()) {
                job.put("artifacts", artifacts);
            }
            part.field("reports").ifPresent(reports -> {
                if (!reports.texts("junit").isEmpty()) {
                    job.put("reports", Map.of("junit", Words.one(reports.texts("junit"))));
                }
                reports.fields().forEach((kind, value) -> {
                    if (!kind.equals("junit")) {
                        notes.add(
                                value.line(),
                                "reports: " + kind,
                                "name the file in `reports` if it is of a format there");
                    }
                });
            });
        });
    }

    private void cache() {
        field("cache").ifPresent(part -> {
            Part settings = part.items().isEmpty() ? part : part.items().get(0);
            Map<String, Object> cache = new LinkedHashMap<>();
            settings.field("key").ifPresent(key -> {
                if (!key.texts("files").isEmpty()) {
                    cache.put("key", Map.of("files", Words.one(key.texts("files"))));
                } else {
                    key.text()
                            .map(GitlabJob::replaced)
                            .filter(text -> !text.matches(".*\\$[^{].*"))
                            .ifPresent(text -> cache.put("key", text));
                }
            });
            settings.text("policy")
                    .map(policy -> policy.replace("pull-push", "both"))
                    .ifPresent(policy -> cache.put("policy", policy));
            if (!settings.texts("paths").isEmpty()) {
                cache.put(
                        "paths",
                        settings.texts("paths").stream()
                                .map(path -> path.replaceAll("/$", ""))
                                .toList());
                job.put("cache", cache);
            }
        });
    }

    private void retry() {
        field("retry").ifPresent(part -> {
            Map<String, Object> retry = new LinkedHashMap<>();
            String max = part.text().or(() -> part.text("max")).orElse("2");
            if (max.equals("0")) {
                return;
            }
            retry.put("max", max);
            List<String> on = new ArrayList<>();
            part.texts("when").forEach(when -> {
                switch (when) {
                    case "always", "script_failure" -> on.add("failure");
                    case "job_execution_timeout", "stuck_or_timeout_failure" -> on.add("timeout");
                    default -> on.add("platform");
                }
            });
            part.texts("exit_codes").forEach(code -> on.add("exit:" + code));
            retry.put(
                    "on",
                    on.isEmpty()
                            ? List.of("failure", "platform")
                            : on.stream().distinct().toList());
            job.put("retry", retry);
        });
    }

    private void parallel(Part part) {
        if (part.has("matrix")) {
            List<Part> entries = part.field("matrix").orElseThrow().items();
            if (entries.size() == 1) {
                Map<String, Object> axes = new LinkedHashMap<>();
                Map<String, Object> env = new LinkedHashMap<>();
                entries.get(0).fields().forEach((axis, values) -> {
                    axes.put(axis, values.texts());
                    env.put(axis, "${{ matrix." + axis + " }}");
                });
                job.put("matrix", axes);
                job.merge("env", env, (own, more) -> {
                    Map<Object, Object> all = new LinkedHashMap<>((Map<?, ?>) own);
                    all.putAll((Map<?, ?>) more);
                    return all;
                });
                return;
            }
            notes.add(part.line(), "parallel: matrix", "write several combinations as entries of `matrix.include`");
        } else {
            notes.add(part.line(), "parallel", "make it a matrix with a number for each part");
        }
    }

    private void environment(Part part) {
        Map<String, Object> environment = new LinkedHashMap<>();
        part.text().or(() -> part.text("name")).ifPresent(name -> environment.put("name", replaced(name)));
        part.text("url")
                .map(GitlabJob::replaced)
                .filter(url -> !url.matches(".*\\$[^{].*"))
                .ifPresent(url -> environment.put("url", url));
        part.text("auto_stop_in")
                .map(Words::span)
                .filter(span -> !span.isEmpty())
                .ifPresent(span -> environment.put("ttl", span));
        job.put("environment", environment.size() == 1 ? environment.get("name") : environment);
        part.field("on_stop").ifPresent(stop -> notes.add(stop.line(), "on_stop", "give the environment a `ttl`"));
    }
}

package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Converts a job of GitLab CI, with what it extends laid under it. */
final class GitlabJob {

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

    /** Reports of formats that Flujo reads; those of GitLab's scanners have one of their own. */
    private static final Set<String> REPORTS = Set.of("junit", "coverage_report", "cyclonedx");

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
        field("variables").map(Words::table).ifPresent(env -> putVariables(env, job));
        GitlabRules rules = new GitlabRules(notes, job);
        field("rules").ifPresent(rules::rules);
        field("when").ifPresent(part -> rules.when(part.line(), part.text().orElse("")));
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

    /** Variables, but for the one that means what Flujo has a key for. */
    static void putVariables(Map<String, ?> variables, Map<String, Object> to) {
        Map<String, Object> env = new LinkedHashMap<>(variables);
        String submodules = String.valueOf(env.remove("GIT_SUBMODULE_STRATEGY"));
        if (!env.isEmpty()) {
            to.put("env", env);
        }
        if (List.of("normal", "recursive").contains(submodules)) {
            to.put("checkout", Map.of("submodules", "true"));
        }
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
                Map<String, Object> found = new LinkedHashMap<>();
                putFiles(found, "junit", reports.texts("junit"));
                putFiles(found, "coverage", coverage(reports));
                putFiles(found, "sbom", reports.texts("cyclonedx"));
                if (!found.isEmpty()) {
                    job.put("reports", found);
                }
                reports.fields().forEach((kind, value) -> {
                    if (!REPORTS.contains(kind)) {
                        notes.add(
                                value.line(),
                                "reports: " + kind,
                                "name the file in `reports` if it is of a format there");
                    }
                });
            });
        });
    }

    private static List<String> coverage(Part reports) {
        return reports.field("coverage_report")
                .map(report -> report.texts("path"))
                .orElse(List.of());
    }

    private static void putFiles(Map<String, Object> reports, String kind, List<String> files) {
        if (!files.isEmpty()) {
            reports.put(kind, Words.one(files));
        }
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

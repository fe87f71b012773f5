package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts a pipeline of GitLab CI: its stages become needs, what it extends is laid under the job. */
final class GitlabPipeline {

    private static final List<String> STAGES = List.of(".pre", "build", "test", "deploy", ".post");
    private static final List<String> SHARED = List.of(
            "image",
            "services",
            "before_script",
            "after_script",
            "cache",
            "artifacts",
            "retry",
            "timeout",
            "tags",
            "interruptible");
    private static final Map<String, String> LEFT = Map.of(
            "include", "put the included file's jobs here, or make it a template and name it in `uses`",
            "workflow", "say in `on` what starts a run",
            "spec", "make `inputs` of it");

    private final Notes notes;

    GitlabPipeline(Notes notes) {
        this.notes = notes;
    }

    Map<String, Object> convert(Part root, String name) {
        Map<String, Object> pipeline = new LinkedHashMap<>();
        pipeline.put("name", Words.name(name));
        pipeline.put("on", List.of("push", "pull_request", "tag", "manual"));
        Map<String, Object> shared = new LinkedHashMap<>();
        root.field("variables").map(this::variables).ifPresent(env -> GitlabJob.putVariables(env, shared));
        Optional.ofNullable(shared.get("env")).ifPresent(env -> pipeline.put("env", env));
        Optional.ofNullable(shared.get("checkout"))
                .ifPresent(checkout -> pipeline.put("defaults", Map.of("checkout", checkout)));
        Map<String, Part> jobs = new LinkedHashMap<>();
        root.fields().forEach((key, part) -> {
            if (LEFT.containsKey(key)) {
                notes.add(part.line(), key, LEFT.get(key));
            } else if (part.isMapping()
                    && !key.startsWith(".")
                    && !List.of("default", "variables", "cache", "image").contains(key)
                    && !SHARED.contains(key)) {
                jobs.put(key, part);
            }
        });
        Map<String, Map<String, Part>> settings = new LinkedHashMap<>();
        jobs.forEach((key, part) -> settings.put(key, withDefaults(root, part)));
        Map<String, Object> converted = new LinkedHashMap<>();
        List<String> stages = root.has("stages") ? stages(root) : STAGES;
        settings.forEach((key, fields) ->
                converted.put(Words.id(key), new GitlabJob(notes, fields, needs(key, settings, stages)).convert()));
        pipeline.put("jobs", converted);
        return pipeline;
    }

    private static List<String> stages(Part root) {
        List<String> stages = new ArrayList<>(List.of(".pre"));
        stages.addAll(root.texts("stages"));
        stages.add(".post");
        return stages;
    }

    private Map<String, Object> variables(Part part) {
        Map<String, Object> env = new LinkedHashMap<>();
        part.fields().forEach((name, value) -> {
            Optional<String> text = value.text().or(() -> value.text("value"));
            text.filter(known -> !known.contains("$")).ifPresent(known -> env.put(name, known));
            text.filter(known -> known.contains("$"))
                    .ifPresent(known -> notes.add(
                            value.line(),
                            name + ": " + known,
                            "variables are not replaced in variables; set it in a script"));
        });
        return env;
    }

    /** The keys of a job, those that it extends, and the defaults, the nearest first. */
    private Map<String, Part> withDefaults(Part root, Part job) {
        Map<String, Part> fields = new LinkedHashMap<>();
        lay(root, job, fields, 0);
        root.field("default").ifPresent(defaults -> defaults.fields().forEach(fields::putIfAbsent));
        SHARED.forEach(key -> root.field(key).ifPresent(part -> fields.putIfAbsent(key, part)));
        return fields;
    }

    private void lay(Part root, Part job, Map<String, Part> fields, int depth) {
        job.fields().forEach((key, part) -> {
            if (!key.equals("extends")) {
                fields.putIfAbsent(key, part);
            }
        });
        if (depth < 10) {
            List<String> extended = new ArrayList<>(job.texts("extends"));
            java.util.Collections.reverse(extended);
            for (String name : extended) {
                root.field(name).ifPresent(part -> lay(root, part, fields, depth + 1));
                if (!root.has(name)) {
                    notes.add(
                            job.field("extends").orElseThrow().line(),
                            "extends: " + name,
                            "copy what it says into this job");
                }
            }
        }
    }

    /** Its own needs, or else all jobs of the stages before its own. */
    private static List<String> needs(String key, Map<String, Map<String, Part>> jobs, List<String> stages) {
        Map<String, Part> own = jobs.get(key);
        if (own.containsKey("needs")) {
            return own.get("needs").items().stream()
                    .flatMap(need -> need.text().or(() -> need.text("job")).stream())
                    .filter(jobs::containsKey)
                    .map(Words::id)
                    .toList();
        }
        int stage = stages.indexOf(stage(own));
        int before = -1;
        for (Map<String, Part> other : jobs.values()) {
            int its = stages.indexOf(stage(other));
            before = its < stage ? Math.max(before, its) : before;
        }
        List<String> needs = new ArrayList<>();
        for (Map.Entry<String, Map<String, Part>> other : jobs.entrySet()) {
            if (before >= 0 && stages.indexOf(stage(other.getValue())) == before) {
                needs.add(Words.id(other.getKey()));
            }
        }
        return needs;
    }

    private static String stage(Map<String, Part> job) {
        return Optional.ofNullable(job.get("stage")).flatMap(Part::text).orElse("test");
    }
}

package dev.flujo.core.plan.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts a workflow of GitHub Actions. */
final class GithubWorkflow {

    private static final Map<String, String> LEFT = Map.of(
            "permissions", "tokens of jobs have no more rights than they need; remove it",
            "run-name", "a run is called by its pipeline and commit; remove it");

    private final Notes notes;

    GithubWorkflow(Notes notes) {
        this.notes = notes;
    }

    Map<String, Object> convert(Part root, String name) {
        Map<String, Object> pipeline = new LinkedHashMap<>();
        pipeline.put("name", Words.name(root.text("name").orElse(name)));
        GithubTriggers triggers = new GithubTriggers(notes);
        // YAML 1.1 takes the key for a truth value, so some tools write it as one.
        Optional<Part> on = root.field("on").or(() -> root.field("true"));
        on.map(triggers::on).filter(converted -> !converted.isEmpty()).ifPresent(map -> pipeline.put("on", map));
        on.map(triggers::inputs).filter(inputs -> !inputs.isEmpty()).ifPresent(map -> pipeline.put("inputs", map));
        GithubJob jobs = new GithubJob(notes);
        root.field("env")
                .map(env -> jobs.env(env, new java.util.TreeSet<>()))
                .filter(env -> !env.isEmpty())
                .ifPresent(env -> pipeline.put("env", env));
        root.field("concurrency").ifPresent(part -> pipeline.put("concurrency", jobs.concurrency(part)));
        Map<String, Object> defaults = new LinkedHashMap<>();
        root.field("defaults").flatMap(part -> part.field("run")).ifPresent(run -> run.fields()
                .forEach((key, value) -> value.text().ifPresent(text -> defaults.put(key, text))));
        if (!defaults.isEmpty()) {
            pipeline.put("defaults", defaults);
        }
        Map<String, Object> converted = new LinkedHashMap<>();
        root.field("jobs")
                .ifPresent(all -> all.fields().forEach((id, job) -> converted.put(Words.id(id), jobs.convert(job))));
        pipeline.put("jobs", converted);
        root.fields().forEach((key, value) -> {
            if (LEFT.containsKey(key)) {
                notes.add(value.line(), key, LEFT.get(key));
            } else if (!List.of("name", "on", "true", "env", "concurrency", "defaults", "jobs")
                    .contains(key)) {
                notes.add(value.line(), key, "Flujo has nothing like it; remove it or say it in a script");
            }
        });
        return pipeline;
    }
}

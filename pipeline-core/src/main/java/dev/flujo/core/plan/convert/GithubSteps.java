package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/** Converts the steps of a job of GitHub Actions: scripts, and the actions that are keys of the job here. */
final class GithubSteps {

    private static final List<String> COPIED = List.of("name", "shell", "working-directory", "continue-on-error");

    private final Notes notes;
    private final GithubJob texts;
    private final Map<String, Object> job;
    private final Set<String> secrets;
    private final List<Object> steps = new ArrayList<>();

    GithubSteps(Notes notes, GithubJob texts, Map<String, Object> job, Set<String> secrets) {
        this.notes = notes;
        this.texts = texts;
        this.job = job;
        this.secrets = secrets;
    }

    void convert(Part part) {
        part.field("steps").ifPresent(all -> all.items().forEach(step -> {
            if (step.has("run")) {
                steps.add(script(step));
            } else {
                action(step);
            }
        }));
        if (steps.isEmpty()) {
            steps.add("true");
            notes.look(part.line(), "no step of the job could be converted; write its scripts");
        }
        job.put("steps", steps);
    }

    private Object script(Part part) {
        Map<String, Object> step = new LinkedHashMap<>();
        Map<String, Object> env = new LinkedHashMap<>(
                part.field("env").map(own -> texts.env(own, secrets)).orElse(Map.of()));
        String run = run(part.field("run").orElseThrow(), env);
        COPIED.forEach(
                key -> part.text(key).filter(text -> !text.contains("${{")).ifPresent(text -> step.put(key, text)));
        step.put("run", run);
        if (!env.isEmpty()) {
            step.put("env", env);
        }
        part.field("if").ifPresent(condition -> texts.condition(condition, step));
        part.text("timeout-minutes")
                .filter(text -> text.matches("[0-9]+"))
                .ifPresent(text -> step.put("timeout", text + "m"));
        part.field("id").ifPresent(id -> {
            if (run.contains("GITHUB_OUTPUT")) {
                notes.look(id.line(), "write outputs as files into `$FLUJO_OUTPUTS` instead of `$GITHUB_OUTPUT`");
            }
        });
        return step.size() == 1 ? run : step;
    }

    /** Nothing is pasted into scripts: each expression becomes a variable of the step. */
    private String run(Part part, Map<String, Object> env) {
        Matcher matcher = GithubExpressions.EXPRESSION.matcher(part.text().orElse(""));
        StringBuilder run = new StringBuilder();
        while (matcher.find()) {
            String inner = matcher.group(1).strip();
            String name = variable(inner);
            if (inner.matches("secrets\\.\\w+")) {
                name = inner.substring("secrets.".length());
                secrets.add(name);
            } else {
                Optional<String> cel = GithubExpressions.convert(inner);
                env.put(name, cel.map(expression -> "${{ " + expression + " }}").orElse(""));
                if (cel.isEmpty()) {
                    notes.add(part.line(), "${{ " + inner + " }}", "give `" + name + "` its value in `env`");
                }
            }
            matcher.appendReplacement(run, Matcher.quoteReplacement("${" + name + "}"));
        }
        return matcher.appendTail(run).toString();
    }

    private static String variable(String expression) {
        String name = expression
                .replaceAll("[^A-Za-z0-9]+", "_")
                .replaceAll("^_+|_+$", "")
                .toUpperCase(Locale.ROOT);
        String cut = name.length() > 60 ? name.substring(name.length() - 60) : name;
        return cut.isEmpty() || Character.isDigit(cut.charAt(0)) ? "VALUE_" + cut : cut;
    }

    private void action(Part part) {
        Part uses = part.field("uses").orElse(part);
        String action = uses.text().orElse("").replaceFirst("@.*$", "");
        Optional<Part> with = part.field("with");
        switch (action) {
            case "actions/checkout" -> with.ifPresent(this::checkout);
            case "actions/cache" -> with.ifPresent(this::cache);
            case "actions/upload-artifact" -> with.ifPresent(settings -> artifacts(settings));
            case "actions/download-artifact" ->
                notes.look(
                        uses.line(),
                        "say in `artifacts: {from: JOB}` whose artifacts this job takes over, in place of `" + action
                                + "`");
            default ->
                notes.add(
                        uses.line(),
                        "uses: " + uses.text().orElse(""),
                        action.startsWith("actions/setup-")
                                ? "take an `image` that has the tool, or a runner that does"
                                : "write what it does as a script, or as a template of steps");
        }
    }

    /** Every job begins with its commit checked out, and with what else of it is said here. */
    private void checkout(Part settings) {
        Map<String, Object> checkout = new LinkedHashMap<>();
        settings.text("submodules")
                .filter(text -> text.matches("true|recursive"))
                .ifPresent(text -> checkout.put("submodules", "true"));
        settings.text("lfs").filter("true"::equals).ifPresent(text -> checkout.put("lfs", "true"));
        if (!checkout.isEmpty()) {
            job.put("checkout", checkout);
        }
    }

    private void cache(Part settings) {
        Map<String, Object> cache = new LinkedHashMap<>();
        String key = settings.text("key").orElse("");
        Matcher files =
                java.util.regex.Pattern.compile("hashFiles\\(([^)]*)\\)").matcher(key);
        if (files.find()) {
            List<String> names = List.of(files.group(1).replace("'", "").split(" *, *", -1));
            cache.put("key", Map.of("files", Words.one(names)));
        } else {
            List<String> left = new ArrayList<>();
            String text = GithubExpressions.text(key, left);
            if (left.isEmpty() && !text.isEmpty()) {
                cache.put("key", text);
            }
        }
        cache.put("paths", lines(settings.text("path").orElse("")));
        job.put("cache", cache);
    }

    private void artifacts(Part settings) {
        Map<String, Object> artifacts = new LinkedHashMap<>();
        artifacts.put("paths", lines(settings.text("path").orElse("")));
        settings.text("retention-days")
                .filter(text -> text.matches("[0-9]+"))
                .ifPresent(text -> artifacts.put("expire", text + "d"));
        job.put("artifacts", artifacts);
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}

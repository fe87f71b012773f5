package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Converts a job of GitHub Actions. */
final class GithubJob {

    private static final List<String> KNOWN = List.of(
            "name",
            "needs",
            "if",
            "runs-on",
            "strategy",
            "env",
            "steps",
            "timeout-minutes",
            "continue-on-error",
            "container",
            "services",
            "environment",
            "concurrency",
            "outputs",
            "uses",
            "with",
            "defaults");

    private final Notes notes;

    GithubJob(Notes notes) {
        this.notes = notes;
    }

    Map<String, Object> convert(Part part) {
        Map<String, Object> job = new LinkedHashMap<>();
        Set<String> secrets = new TreeSet<>();
        part.text("name").filter(name -> !name.contains("${{")).ifPresent(name -> job.put("name", name));
        List<String> needs = part.texts("needs").stream().map(Words::id).toList();
        if (!needs.isEmpty()) {
            job.put("needs", Words.one(needs));
        }
        part.field("if").ifPresent(condition -> condition(condition, job));
        runsOn(part, job);
        part.field("strategy").ifPresent(strategy -> matrix(strategy, job));
        part.field("env")
                .map(env -> env(env, secrets))
                .filter(env -> !env.isEmpty())
                .ifPresent(env -> job.put("env", env));
        part.text("timeout-minutes")
                .filter(text -> text.matches("[0-9]+"))
                .ifPresent(text -> job.put("timeout", text + "m"));
        part.field("continue-on-error")
                .ifPresent(value -> text(value).ifPresent(text -> job.put("continue-on-error", text)));
        part.field("environment").ifPresent(environment -> job.put("environment", plain(environment)));
        part.field("concurrency").ifPresent(group -> job.put("concurrency", concurrency(group)));
        container(part, job);
        part.field("defaults").flatMap(defaults -> defaults.field("run")).ifPresent(run -> run.fields()
                .forEach((key, value) -> value.text().ifPresent(text -> job.put(key, text))));
        if (part.has("uses")) {
            notes.add(
                    part.field("uses").orElseThrow().line(),
                    "uses",
                    "write the called workflow as a template of jobs and name it here");
            job.put("uses", part.text("uses").orElse(""));
        } else {
            new GithubSteps(notes, this, job, secrets).convert(part);
        }
        outputs(part, job);
        if (!secrets.isEmpty()) {
            job.put("secrets", List.copyOf(secrets));
        }
        part.fields().forEach((key, value) -> {
            if (!KNOWN.contains(key)) {
                notes.add(value.line(), key, "Flujo has nothing like it; remove it or say it in a script");
            }
        });
        return job;
    }

    /** Variables; what comes of secrets is taken out of them, since scripts get secrets by their names. */
    Map<String, Object> env(Part part, Set<String> secrets) {
        Map<String, Object> env = new LinkedHashMap<>();
        part.fields().forEach((name, value) -> {
            String text = value.text().orElse("");
            if (text.strip().matches("\\$\\{\\{ *secrets\\.\\w+ *}}")) {
                String secret = text.replaceAll(".*secrets\\.(\\w+).*", "$1");
                secrets.add(secret);
                if (!secret.equals(name)) {
                    notes.look(
                            value.line(),
                            "secret `" + secret + "` is now a variable of that name; use it in place of `" + name
                                    + "`");
                }
            } else {
                text(value).ifPresent(converted -> env.put(name, converted));
            }
        });
        return env;
    }

    Object concurrency(Part part) {
        Map<String, Object> group = new LinkedHashMap<>();
        part.text().or(() -> part.text("group")).ifPresent(text -> {
            List<String> left = new ArrayList<>();
            group.put("group", GithubExpressions.text(text, left));
            left.forEach(expression -> unknown(part.line(), expression));
        });
        part.text("cancel-in-progress")
                .filter(text -> text.equals("true"))
                .ifPresent(text -> group.put("policy", "cancel-older"));
        return group;
    }

    /** {@code if} of a job or step: how others ended is a key of its own here. */
    void condition(Part part, Map<String, Object> owner) {
        String text = part.text()
                .orElse("")
                .strip()
                .replaceAll("^\\$\\{\\{(.*)}}$", "$1")
                .strip();
        String rest = text;
        if (rest.matches("(?s)(always|!cancelled)\\(\\).*") || rest.startsWith("!cancelled()")) {
            owner.put("always", "true");
            rest = rest.replaceFirst("^(always|!cancelled)\\(\\)( *&& *)?", "");
        } else if (rest.startsWith("failure()")) {
            owner.put("on-failure", "true");
            rest = rest.replaceFirst("^failure\\(\\)( *&& *)?", "");
        } else if (rest.startsWith("success()")) {
            rest = rest.replaceFirst("^success\\(\\)( *&& *)?", "");
        }
        if (!rest.isEmpty()) {
            Optional<String> cel = GithubExpressions.convert(rest);
            cel.ifPresent(expression -> owner.put("if", expression));
            if (cel.isEmpty()) {
                notes.add(
                        part.line(),
                        "if: " + text,
                        "write the condition in CEL over event, inputs, needs, env and matrix");
            }
        }
    }

    /** A text whose expressions are converted; none where one cannot be. */
    Optional<String> text(Part part) {
        List<String> left = new ArrayList<>();
        String text = GithubExpressions.text(part.text().orElse(""), left);
        left.forEach(expression -> unknown(part.line(), expression));
        return left.isEmpty() ? Optional.of(text) : Optional.empty();
    }

    private void unknown(int line, String expression) {
        notes.add(line, "${{ " + expression + " }}", "give the value to the script in another way");
    }

    private void runsOn(Part part, Map<String, Object> job) {
        List<String> labels = part.texts("runs-on");
        List<String> own = labels.stream()
                .filter(label -> !label.matches("(ubuntu|windows|macos)-.*|self-hosted|.*\\$\\{\\{.*"))
                .toList();
        if (!own.isEmpty()) {
            job.put("labels", own);
        }
        labels.stream()
                .filter(label -> label.matches("(windows|macos)-.*|.*\\$\\{\\{.*"))
                .forEach(label -> notes.add(
                        part.field("runs-on").orElseThrow().line(),
                        label,
                        "give a runner of that kind a label and name it"));
    }

    private void matrix(Part strategy, Map<String, Object> job) {
        Map<String, Object> matrix = new LinkedHashMap<>();
        strategy.field("matrix").ifPresent(axes -> axes.fields().forEach((axis, values) -> {
            if (values.text().isPresent()) {
                text(values).ifPresent(text -> matrix.put(axis, text));
            } else {
                matrix.put(axis, values.plain());
            }
        }));
        strategy.text("max-parallel").ifPresent(text -> matrix.put("max-parallel", text));
        strategy.text("fail-fast").ifPresent(text -> matrix.put("fail-fast", text));
        job.put("matrix", matrix);
    }

    private void container(Part part, Map<String, Object> job) {
        part.field("container")
                .flatMap(container -> container.text().or(() -> container.text("image")))
                .ifPresent(image -> job.put("image", image));
        part.field("services").ifPresent(services -> {
            Map<String, Object> converted = new LinkedHashMap<>();
            services.fields().forEach((name, service) -> {
                Map<String, Object> settings = new LinkedHashMap<>();
                service.text("image").ifPresent(image -> settings.put("image", image));
                service.field("env").ifPresent(env -> settings.put("env", Words.table(env)));
                converted.put(name, settings);
                service.field("options")
                        .ifPresent(options -> notes.add(
                                options.line(), "options", "say in `ready` how to see that the service can be used"));
                service.field("ports")
                        .ifPresent(ports -> notes.look(
                                ports.line(),
                                "a service is reached by its name `" + name + "`; `ports` are not mapped"));
            });
            job.put("services", converted);
        });
    }

    private void outputs(Part part, Map<String, Object> job) {
        part.field("outputs").ifPresent(outputs -> {
            job.put("outputs", List.copyOf(outputs.fields().keySet()));
            notes.look(
                    outputs.line(),
                    "`outputs` are files in `$FLUJO_OUTPUTS`: let a step write one for each, in place of `$GITHUB_OUTPUT`");
        });
    }

    private Object plain(Part part) {
        return part.text().<Object>map(name -> text(part).orElse(name)).orElseGet(part::plain);
    }
}

package dev.flujo.core.plan.expression;

import dev.flujo.core.plan.yaml.Quote;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Words that other systems have in their expressions, and how Flujo says the same. */
final class Foreign {

    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("github.sha", "event.commit"),
            Map.entry("github.ref_name", "event.branch"),
            Map.entry("github.head_ref", "event.branch"),
            Map.entry("github.base_ref", "event.base"),
            Map.entry("github.event_name", "event.kind"),
            Map.entry("github.actor", "event.by"),
            Map.entry("github.repository", "run.project"),
            Map.entry("github.run_id", "run.id"),
            Map.entry("github.workflow", "run.pipeline"),
            Map.entry("github.event.pull_request.title", "event.title"),
            Map.entry("github.event.pull_request.number", "event.number"),
            Map.entry("github.event.pull_request.draft", "event.draft"),
            Map.entry("github.event.head_commit.message", "event.message"),
            Map.entry("branch", "event.branch"),
            Map.entry("sha", "event.commit"),
            Map.entry("commit", "event.commit"),
            Map.entry("tag", "event.tag"),
            Map.entry("repo", "run.project"),
            Map.entry("pipeline", "run.pipeline"));

    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("always", "write `always: true` beside `if`"),
            Map.entry("failure", "write `on-failure: true` beside `if`"),
            Map.entry("success", "that is so without being said"),
            Map.entry("cancelled", "a cancelled run starts nothing more"),
            Map.entry("fromJSON", "write `json(…)`"),
            Map.entry("fromJson", "write `json(…)`"),
            Map.entry("toJSON", "a list or mapping becomes JSON by itself"),
            Map.entry("hashFiles", "give `cache` a `key` with `files`"),
            Map.entry("format", "join texts with `+`"),
            Map.entry("lower", "write `lowerAscii()`"),
            Map.entry("upper", "write `upperAscii()`"));

    private Foreign() {}

    static Optional<String> meant(String path) {
        return Optional.ofNullable(MEANT.get(path));
    }

    static String unknown(String name, String path, List<String> known) {
        if (name.equals("secrets")) {
            return "Expected an expression without secrets, but there is " + Quote.of(path)
                    + "; list it in `secrets`, and a script finds it in the variable of that name.";
        }
        if (name.equals("steps")) {
            return "Expected an expression without `steps`, but there is " + Quote.of(path)
                    + "; a step writes a file into `$FLUJO_OUTPUTS`, and jobs that need this one read it from `needs`.";
        }
        if (List.of("needs", "matrix", "env", "inputs", "event", "run", "result", "stable")
                .contains(name)) {
            return "Expected " + Quote.all(known, "or") + " here, but " + Quote.of(name)
                    + " has no value yet at this place; move it to where it has one.";
        }
        return "Expected " + Quote.all(known, "or") + ", but there is no " + Quote.of(path) + "; correct it.";
    }

    static String refusal(String variable, String member, List<String> known) {
        String path = Quote.of(variable + "." + member);
        return switch (variable) {
            case "inputs" -> "Expected an input that is declared, but there is no " + path + "; add it to `inputs`.";
            case "env" ->
                "Expected a variable of an `env` around this one, but there is no " + path
                        + "; add it there, or correct it.";
            case "matrix" -> "Expected an axis of this job's `matrix`, but there is no " + path + "; correct it.";
            case "needs" ->
                "Expected a job that this job needs, but there is no " + path + " in its `needs`; add it there.";
            default ->
                "Expected something that is known of " + Quote.of(variable) + ", but there is no " + path
                        + "; correct it.";
        };
    }

    static String unknownFunction(String name) {
        String remedy = FUNCTIONS.getOrDefault(name, "correct it");
        return "Expected a function that there is, but " + Quote.of(name) + " is none; " + remedy + ".";
    }
}

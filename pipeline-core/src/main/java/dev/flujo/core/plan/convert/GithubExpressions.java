package dev.flujo.core.plan.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the expressions of GitHub Actions into CEL. */
final class GithubExpressions {

    static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{(.*?)}}", Pattern.DOTALL);

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|'(?:[^']|'')*'|[A-Za-z_][\\w-]*(?:\\.[\\w*-]+)*|[0-9.]+|==|!=|<=|>=|&&|\\|\\||[!<>(),\\[\\]]");
    private static final Map<String, String> PATHS = Map.ofEntries(
            Map.entry("github.ref_name", "event.branch"),
            Map.entry("github.head_ref", "event.branch"),
            Map.entry("github.base_ref", "event.base"),
            Map.entry("github.sha", "event.commit"),
            Map.entry("github.event_name", "event.kind"),
            Map.entry("github.actor", "event.by"),
            Map.entry("github.triggering_actor", "event.by"),
            Map.entry("github.ref", "('refs/heads/' + event.branch)"),
            Map.entry("github.repository", "run.project"),
            Map.entry("github.run_id", "run.id"),
            Map.entry("github.workflow", "run.pipeline"),
            Map.entry("github.event.action", "event.action"),
            Map.entry("github.event.number", "event.number"),
            Map.entry("github.event.pull_request.number", "event.number"),
            Map.entry("github.event.pull_request.title", "event.title"),
            Map.entry("github.event.pull_request.draft", "event.draft"),
            Map.entry("github.event.pull_request.head.sha", "event.commit"),
            Map.entry("github.event.head_commit.message", "event.message"));
    private static final Map<String, String> METHODS =
            Map.of("contains", "contains", "startsWith", "startsWith", "endsWith", "endsWith");

    private final List<String> tokens = new ArrayList<>();
    private int at;

    private GithubExpressions() {}

    /** The same in CEL; none where there is no such thing. */
    static Optional<String> convert(String expression) {
        GithubExpressions converter = new GithubExpressions();
        Matcher matcher = TOKEN.matcher(expression);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            if (!matcher.group().isBlank()) {
                converter.tokens.add(matcher.group());
            }
        }
        if (end != expression.length() || converter.tokens.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> converted = converter.until("");
        return converted.filter(text -> converter.at == converter.tokens.size()).map(GithubExpressions::outcomes);
    }

    /** A text with its expressions converted; those that cannot be are put into {@code left}. */
    static String text(String text, List<String> left) {
        Matcher matcher = EXPRESSION.matcher(text);
        StringBuilder converted = new StringBuilder();
        while (matcher.find()) {
            String inner = matcher.group(1).strip();
            Optional<String> cel = convert(inner);
            if (cel.isEmpty()) {
                left.add(inner);
            }
            String written = cel.map(expression -> "${{ " + expression + " }}").orElse("");
            matcher.appendReplacement(converted, Matcher.quoteReplacement(written));
        }
        return matcher.appendTail(converted).toString();
    }

    private Optional<String> until(String closing) {
        List<String> parts = new ArrayList<>();
        while (at < tokens.size() && !ends(closing)) {
            Optional<String> part = next();
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(joined(parts));
    }

    private boolean ends(String closing) {
        String token = tokens.get(at);
        return !closing.isEmpty() && (token.equals(")") || token.equals(",") || token.equals("]"));
    }

    private Optional<String> next() {
        String token = tokens.get(at++);
        if (token.startsWith("'")) {
            String text = token.substring(1, token.length() - 1).replace("''", "'");
            return Optional.of("'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'");
        }
        if (token.equals("(")) {
            Optional<String> inner = until(")");
            at++;
            return inner.map(text -> "(" + text + ")");
        }
        if (token.equals("[")) {
            Optional<String> inner = until("]");
            at++;
            return inner.map(text -> "[" + text + "]");
        }
        if (!Character.isLetter(token.charAt(0)) && token.charAt(0) != '_') {
            return token.matches("[),\\]]") ? Optional.empty() : Optional.of(token);
        }
        return at < tokens.size() && tokens.get(at).equals("(") ? call(token) : path(token);
    }

    private Optional<String> call(String name) {
        at++;
        List<String> arguments = new ArrayList<>();
        while (at < tokens.size() && !tokens.get(at).equals(")")) {
            Optional<String> argument = until(")");
            if (argument.isEmpty()) {
                return Optional.empty();
            }
            arguments.add(argument.get());
            if (at < tokens.size() && tokens.get(at).equals(",")) {
                at++;
            }
        }
        at++;
        if (METHODS.containsKey(name) && arguments.size() == 2) {
            return Optional.of(arguments.get(0) + "." + METHODS.get(name) + "(" + arguments.get(1) + ")");
        }
        return name.equals("fromJSON") && arguments.size() == 1
                ? Optional.of("json(" + arguments.get(0) + ")")
                : Optional.empty();
    }

    private static Optional<String> path(String path) {
        if (path.equals("true") || path.equals("false")) {
            return Optional.of(path);
        }
        if (PATHS.containsKey(path)) {
            return Optional.of(PATHS.get(path));
        }
        String own = path.replaceFirst("^github\\.event\\.inputs\\.", "inputs.");
        if (own.matches("needs\\.[\\w-]+\\.result")) {
            return Optional.of(members(own.replaceFirst("result$", "outcome")));
        }
        return own.matches("(inputs|matrix|env|vars)\\.[\\w-]+|needs\\.[\\w-]+\\.outputs\\.[\\w-]+")
                        && !own.startsWith("vars")
                ? Optional.of(members(own))
                : Optional.empty();
    }

    /** A name with a hyphen would be a difference in CEL. */
    private static String members(String path) {
        StringBuilder written = new StringBuilder();
        for (String name : path.split("\\.", -1)) {
            if (written.length() == 0) {
                written.append(name);
            } else if (name.contains("-")) {
                written.append("['").append(name).append("']");
            } else {
                written.append('.').append(name);
            }
        }
        return written.toString();
    }

    private static String joined(List<String> parts) {
        String text = String.join(" ", parts);
        return text.replace("! ", "!").replaceAll("(?<=[\\w')\\]]) \\[", "[");
    }

    /** GitHub's words for how a job ended, where they are compared. */
    private static String outcomes(String cel) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("success", "succeeded");
        words.put("failure", "failed");
        String text = cel;
        for (Map.Entry<String, String> word : words.entrySet()) {
            text = text.replaceAll("(outcome (?:==|!=) )'" + word.getKey() + "'", "$1'" + word.getValue() + "'");
        }
        return text.replaceAll(
                "\\('refs/heads/' \\+ event\\.branch\\) (==|!=) 'refs/heads/([^']*)'", "event.branch $1 '$2'");
    }
}

package dev.flujo.core.plan.expression;

import dev.cel.common.CelIssue;
import dev.flujo.core.plan.yaml.Quote;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says in our words what CEL finds wrong. */
final class Issues {

    private static final Pattern TOKEN = Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
    private static final Pattern UNEXPECTED = Pattern.compile(
            "(?:extraneous|mismatched|no viable alternative at) input '(.*?)'(?: expecting .*)?", Pattern.DOTALL);
    private static final Pattern MISSING = Pattern.compile("missing '?(.*?)'? at '(.*?)'.*", Pattern.DOTALL);
    private static final Pattern OVERLOAD = Pattern.compile(
            "found no matching overload for '(.*?)' applied to '(.*?)'(?: \\(candidates.*)?", Pattern.DOTALL);

    private Issues() {}

    static Finding syntax(CelIssue issue, String expression) {
        int offset = offset(issue, expression);
        String said = issue.getMessage();
        Matcher token = TOKEN.matcher(said);
        if (token.matches()) {
            return token(offset, token.group(1));
        }
        Matcher unexpected = UNEXPECTED.matcher(said);
        if (unexpected.matches()) {
            return unexpected(offset, unexpected.group(1));
        }
        Matcher missing = MISSING.matcher(said);
        if (missing.matches()) {
            return Finding.of(
                    offset,
                    "Expected " + Quote.of(missing.group(1)) + " before " + found(missing.group(2))
                            + ", but it is missing; add it.");
        }
        if (said.contains("recursion limit") || said.contains("node count") || said.contains("code point size")) {
            return Finding.of(
                    offset,
                    "Expected an expression of reasonable size, but this one is too long or too deep;"
                            + " compute in a script.");
        }
        return Finding.of(
                offset,
                "Expected an expression in CEL, but here it is not understood: "
                        + Quote.visible(Quote.cut(firstLine(said), 100)) + ".");
    }

    static Finding types(CelIssue issue, String expression) {
        int offset = offset(issue, expression);
        Matcher overload = OVERLOAD.matcher(issue.getMessage());
        if (!overload.matches()) {
            return Finding.of(
                    offset,
                    "Expected values that fit together, but "
                            + Quote.visible(Quote.cut(firstLine(issue.getMessage()), 100)) + ".");
        }
        String function = overload.group(1);
        boolean operator = !Character.isLetter(function.charAt(0));
        String shown = operator ? function.replaceAll("^[_@]|_$", "").replace("_", "…") : function;
        return Finding.of(
                offset,
                "Expected " + (operator ? "values" : "a call")
                        + " that " + Quote.of(shown) + " can work with, but here it has " + kinds(overload.group(2))
                        + (function.matches("_(==|!=)_")
                                ? "; texts are in quotes, also those that are numbers."
                                : "; correct it."));
    }

    /** A CEL type, as a reader would call it. */
    static String described(String type) {
        String plain = type.replaceFirst("\\(.*", "")
                .toLowerCase(java.util.Locale.ROOT)
                .strip();
        return switch (plain) {
            case "int" -> "a whole number";
            case "double" -> "a number";
            case "string" -> "text";
            case "bool" -> "true or false";
            case "list" -> "a list";
            case "map" -> "a mapping";
            case "null", "null_type" -> "nothing";
            case "dyn" -> "anything";
            default -> plain;
        };
    }

    private static Finding token(int offset, String text) {
        String start = text.strip();
        if (start.startsWith("=")) {
            return new Finding(
                    offset, "Expected `==` to compare, but there is a single `=`; double it.", Optional.empty());
        }
        if (start.startsWith("'") || start.startsWith("\"")) {
            return Finding.of(offset, "Expected a closing quote, but the expression ends without one; add it.");
        }
        return Finding.of(
                offset, "Expected an expression, but " + Quote.of(start) + " has no meaning in one; correct it.");
    }

    private static Finding unexpected(int offset, String text) {
        Optional<String> meant =
                switch (text) {
                    case "and", "AND" -> Optional.of("&&");
                    case "or", "OR" -> Optional.of("||");
                    case "not", "NOT" -> Optional.of("!");
                    case "is", "eq" -> Optional.of("==");
                    default -> Optional.empty();
                };
        String message = text.equals("<EOF>")
                ? "Expected more of the expression, but it ends here; complete it."
                : "Expected an expression, but " + found(text) + " cannot stand here; correct it.";
        return new Finding(offset, message, meant);
    }

    private static String found(String text) {
        return text.equals("<EOF>") ? "its end" : Quote.of(text);
    }

    private static String kinds(String applied) {
        String inner = applied.replaceFirst("^.*?\\.?\\(", "").replaceFirst("\\)$", "");
        String target = applied.startsWith("(") ? "" : applied.replaceFirst("\\.\\(.*", "");
        String all = target.isEmpty() ? inner : target + ", " + inner;
        return Arrays.stream(all.split(", (?![^(]*\\))"))
                .filter(kind -> !kind.isBlank())
                .map(Issues::described)
                .collect(Collectors.joining(" and "));
    }

    private static int offset(CelIssue issue, String expression) {
        int line = issue.getSourceLocation().getLine();
        int offset = 0;
        for (int i = 1; i < line && offset >= 0; i++) {
            offset = expression.indexOf('\n', offset) + 1;
        }
        return Math.max(
                0,
                Math.min(expression.length(), offset + issue.getSourceLocation().getColumn()));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}

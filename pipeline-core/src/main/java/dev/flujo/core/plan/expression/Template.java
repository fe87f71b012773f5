package dev.flujo.core.plan.expression;

import java.util.ArrayList;
import java.util.List;

/** A text in which {@code ${{ }}} stands for values: read once, and what it is replaced by is never read again. */
public record Template(List<Part> parts) {

    private static final String OPEN = "${{";

    /** A piece of the text, or an expression that begins at an offset of it. */
    public record Part(boolean expression, String text, int offset) {}

    public Template {
        parts = List.copyOf(parts);
    }

    public static boolean hasExpressions(String text) {
        return text.contains(OPEN);
    }

    /** The parts of the text; an expression without end is taken as plain text. */
    public static Template of(String text) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
            int end = end(text, open + OPEN.length());
            if (end < 0) {
                break;
            }
            if (open > at) {
                parts.add(new Part(false, text.substring(at, open), at));
            }
            parts.add(expression(text, open + OPEN.length(), end));
            at = end + 2;
        }
        if (at < text.length()) {
            parts.add(new Part(false, text.substring(at), at));
        }
        return new Template(parts);
    }

    /** Whether the text is one expression and nothing else. */
    public boolean single() {
        return parts.size() == 1 && parts.get(0).expression();
    }

    /** Where an expression begins that does not end; negative where all do. */
    int unclosed() {
        return parts.stream()
                .filter(part -> !part.expression() && part.text().contains(OPEN))
                .mapToInt(part -> part.offset() + part.text().indexOf(OPEN))
                .findFirst()
                .orElse(-1);
    }

    private static Part expression(String text, int from, int end) {
        int start = from;
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        return new Part(true, text.substring(start, end).stripTrailing(), start);
    }

    /** Where the expression's {@code }}} begin: not inside of its texts and mappings. */
    private static int end(String text, int from) {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth > 0) {
                depth--;
            } else if (c == '}' && text.startsWith("}}", i)) {
                return i;
            }
        }
        return -1;
    }
}

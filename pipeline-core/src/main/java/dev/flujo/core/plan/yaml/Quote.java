package dev.flujo.core.plan.yaml;

import java.util.Collection;
import java.util.stream.Collectors;

/** A file's own words inside a message: short, and with nothing that a screen would hide or obey. */
public final class Quote {

    private static final int LONGEST = 60;

    private Quote() {}

    public static String of(String text) {
        return "`" + visible(cut(text, LONGEST)) + "`";
    }

    /** All of them, in their order: {@code `a`, `b` and `c`}. */
    public static String all(Collection<String> texts, String conjunction) {
        String listed = texts.stream().map(Quote::of).collect(Collectors.joining(", "));
        int last = listed.lastIndexOf(", ");
        return last < 0 ? listed : listed.substring(0, last) + " " + conjunction + listed.substring(last + 1);
    }

    public static String cut(String text, int longest) {
        if (text.codePointCount(0, text.length()) <= longest) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, longest)) + "…";
    }

    public static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Characters.hidden(c)) {
                visible.append(Characters.name(c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }
}

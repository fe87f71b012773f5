package dev.flujo.pipeline.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of jobs as they may be shown: colours stay, everything else that would steer a terminal is taken out, and characters
 * that are not seen, or turn the direction of text, are shown as what they are. Sequences are those of ECMA-48.
 */
final class LogText {

    private static final String UNUSUAL =
            "[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]";
    private static final Pattern ANY_UNUSUAL = Pattern.compile(UNUSUAL);
    private static final Pattern PART = Pattern.compile(
            // a colour, or another look
            "(?<look>\\x1b\\[[0-9;:]*m)"
                    // any other control sequence: it moves, erases, or sets a mode
                    + "|(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]?"
                    // a string for the terminal: titles, links, the clipboard, devices; an open one ends with the line
                    + "|(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d\\x9e\\x9f]).*?(?:\\x07|\\x1b\\\\|\\x9c|$)"
                    // any other escape
                    + "|\\x1b[\\x20-\\x2f]*[\\x30-\\x7e]?"
                    + "|(?<sole>" + UNUSUAL + ")",
            Pattern.DOTALL);
    private static final Pattern LOOK = Pattern.compile("\\x1b\\[[0-9;:]*m");
    private static final char FIRST_PICTURE = '\u2400';
    private static final char DELETE = '\u007f';
    private static final String DELETE_PICTURE = "\u2421";

    private LogText() {}

    /** The line without what would do more than be read. */
    static String harmless(String line) {
        if (!ANY_UNUSUAL.matcher(line).find()) {
            return line;
        }
        Matcher part = PART.matcher(line);
        StringBuilder text = new StringBuilder(line.length());
        while (part.find()) {
            String sole = part.group("sole");
            String look = part.group("look");
            String shown = sole == null ? (look == null ? "" : look) : picture(sole.charAt(0));
            part.appendReplacement(text, Matcher.quoteReplacement(shown));
        }
        return part.appendTail(text).toString();
    }

    /** A harmless line as it is read: without its looks. */
    static String plain(String harmless) {
        return harmless.indexOf('\u001b') < 0
                ? harmless
                : LOOK.matcher(harmless).replaceAll("");
    }

    private static String picture(char character) {
        if (character < ' ') {
            return String.valueOf((char) (FIRST_PICTURE + character));
        }
        return character == DELETE ? DELETE_PICTURE : String.format(Locale.ROOT, "\\u%04x", (int) character);
    }
}

package dev.flujo.runner.report;

/** Texts of reports as they may stand in an event: no longer than so much. */
final class ReportText {

    private static final int MOST_NAME = 500;

    private ReportText() {}

    /** Names are kept short, and different: some tools put whole parameters in them. */
    static String name(String text) {
        return text.length() <= MOST_NAME
                ? text
                : beginning(text, MOST_NAME) + "… " + Integer.toHexString(text.hashCode());
    }

    /** At most so much of a text; no character is cut in two. */
    static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}

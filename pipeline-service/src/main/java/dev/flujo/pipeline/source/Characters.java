package dev.flujo.pipeline.source;

/** Characters that would make two names look the same, or that a machine obeys and nobody sees. */
public final class Characters {

    private Characters() {}

    /** Controls, bidirectional and zero-width marks, half surrogate pairs, what is no character. */
    public static boolean hidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> true;
            default -> false;
        };
    }

    /** Whether a text has none of them. */
    public static boolean plain(String text) {
        return text.codePoints().noneMatch(Characters::hidden);
    }
}

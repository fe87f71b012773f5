package dev.flujo.core.plan.yaml;

import java.util.Locale;
import java.util.OptionalInt;

/** Which characters a pipeline file may hold: none that a reviewer cannot see and a machine would obey. */
public final class Characters {

    private Characters() {}

    /** Not allowed anywhere: controls other than tab and line ends, lone surrogates, bidirectional controls, a BOM. */
    static boolean refused(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return false;
        }
        return Character.isISOControl(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069)
                || c == 0xFEFF
                || c == 0xFFFE
                || c == 0xFFFF;
    }

    /** Not allowed in names, where it would make two of them look the same. */
    public static boolean hidden(int c) {
        int type = Character.getType(c);
        return refused(c)
                || type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.UNASSIGNED
                || type == Character.PRIVATE_USE;
    }

    public static OptionalInt firstRefused(String text) {
        return text.codePoints().filter(Characters::refused).findFirst();
    }

    public static OptionalInt firstHidden(String text) {
        return text.codePoints().filter(Characters::hidden).findFirst();
    }

    static String name(int c) {
        return String.format(Locale.ROOT, "U+%04X", c);
    }

    /** As a reader would call it. */
    public static String described(int c) {
        String kind = "the invisible character ";
        if (c == 0) {
            kind = "the NUL character ";
        } else if (c == 0xFEFF) {
            kind = "a byte order mark ";
        } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            kind = "half of a surrogate pair ";
        } else if (Character.isISOControl(c)) {
            kind = "the control character ";
        } else if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
            kind = "the text direction control ";
        }
        return kind + name(c);
    }
}

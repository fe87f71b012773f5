package dev.flujo.core.plan.expression;

/** Numbers as people write them. */
public final class Numbers {

    private Numbers() {}

    /** A whole number, a number, or the text itself where it is none. */
    public static Object read(String text) {
        if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
            return Long.parseLong(text);
        }
        return is(text) ? (Object) Double.parseDouble(text) : text;
    }

    public static boolean is(String text) {
        return text.length() <= 40 && text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");
    }
}

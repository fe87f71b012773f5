package dev.flujo.core.plan.shape;

import java.util.ArrayList;
import java.util.List;

/** Regular expressions for ranges of whole numbers, because a schema has no other way to say them of a text. */
final class NumberPattern {

    private NumberPattern() {}

    /** Numbers without leading zeros from {@code least} (at least 0) to {@code most}. */
    static String between(long least, long most) {
        List<String> parts = new ArrayList<>();
        for (long from = least; from <= most; ) {
            long to = Math.min(most, sameLength(from));
            parts.addAll(sameLengthParts(Long.toString(from), Long.toString(to)));
            from = to + 1;
        }
        return "(?:" + String.join("|", parts) + ")";
    }

    /** The largest number with as many digits. */
    private static long sameLength(long number) {
        long power = 10;
        while (power <= number) {
            power *= 10;
        }
        return power - 1;
    }

    private static List<String> sameLengthParts(String from, String to) {
        if (from.isEmpty()) {
            return List.of("");
        }
        char first = from.charAt(0);
        char last = to.charAt(0);
        int rest = from.length() - 1;
        if (from.substring(1).equals("0".repeat(rest)) && to.substring(1).equals("9".repeat(rest))) {
            return List.of(digits(first, last) + (rest == 0 ? "" : "[0-9]{" + rest + "}"));
        }
        List<String> parts = new ArrayList<>();
        if (first == last) {
            sameLengthParts(from.substring(1), to.substring(1)).forEach(part -> parts.add(first + part));
            return parts;
        }
        sameLengthParts(from.substring(1), "9".repeat(rest)).forEach(part -> parts.add(first + part));
        if (last - first > 1) {
            parts.add(digits((char) (first + 1), (char) (last - 1)) + (rest == 0 ? "" : "[0-9]{" + rest + "}"));
        }
        sameLengthParts("0".repeat(rest), to.substring(1)).forEach(part -> parts.add(last + part));
        return parts;
    }

    private static String digits(char first, char last) {
        return first == last ? Character.toString(first) : "[" + first + "-" + last + "]";
    }
}

package dev.flujo.core.plan;

import java.util.BitSet;
import java.util.List;

/**
 * Patterns of branches, tags and files: {@code *} stands for anything but {@code /}, {@code **} for anything, {@code ?} for
 * one character but {@code /}, and {@code !} in front takes back what earlier patterns allowed.
 */
public final class Glob {

    private Glob() {}

    /** Whether the last pattern that matches allows the name; none at all allow every name, as do only such with {@code !}. */
    public static boolean allows(List<String> patterns, String name) {
        boolean allowed = patterns.isEmpty() || patterns.get(0).startsWith("!");
        for (String pattern : patterns) {
            boolean excludes = pattern.startsWith("!");
            if (allowed == excludes && matches(excludes ? pattern.substring(1) : pattern, name)) {
                allowed = !excludes;
            }
        }
        return allowed;
    }

    /** In time proportional to the product of both lengths, whatever they are. */
    static boolean matches(String pattern, String name) {
        BitSet reached = new BitSet(name.length() + 1);
        reached.set(0);
        for (int i = 0; i < pattern.length() && !reached.isEmpty(); i++) {
            boolean doubled = pattern.startsWith("**", i);
            reached = doubled || pattern.charAt(i) == '*'
                    ? anyFrom(reached, name, doubled)
                    : one(reached, name, pattern.charAt(i));
            i += doubled ? 1 : 0;
        }
        return reached.get(name.length());
    }

    private static BitSet anyFrom(BitSet reached, String name, boolean slashes) {
        BitSet next = new BitSet(name.length() + 1);
        for (int at = 0; at <= name.length(); at++) {
            boolean carried = at > 0 && next.get(at - 1) && (slashes || name.charAt(at - 1) != '/');
            next.set(at, reached.get(at) || carried);
        }
        return next;
    }

    private static BitSet one(BitSet reached, String name, char wanted) {
        BitSet next = new BitSet(name.length() + 1);
        for (int at = reached.nextSetBit(0); at >= 0 && at < name.length(); at = reached.nextSetBit(at + 1)) {
            char c = name.charAt(at);
            next.set(at + 1, wanted == '?' ? c != '/' : c == wanted);
        }
        return next;
    }
}

package dev.flujo.core.plan;

import dev.flujo.event.plan.Triggers;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Patterns of branches: {@code *} stands for anything but {@code /}, {@code **} for anything, {@code ?} for one
 * character but {@code /}.
 */
public final class Branches {

    private static final Pattern ALLOWED = Pattern.compile("[^\\s~^:\\\\\\[\\]{}!\"'`|&;<>$()]+");
    private static final String HEADS = "refs/heads/";

    private Branches() {}

    /** Whether a push to this branch is one that the trigger waits for. */
    public static boolean match(Triggers.Push push, String branch) {
        List<String> patterns = push.branches();
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, branch));
    }

    /** In time proportional to the product of both lengths, whatever they are. */
    static boolean matches(String pattern, String branch) {
        BitSet reached = new BitSet(branch.length() + 1);
        reached.set(0);
        for (int i = 0; i < pattern.length() && !reached.isEmpty(); i++) {
            boolean doubled = pattern.startsWith("**", i);
            reached = doubled || pattern.charAt(i) == '*'
                    ? anyFrom(reached, branch, doubled)
                    : one(reached, branch, pattern.charAt(i));
            i += doubled ? 1 : 0;
        }
        return reached.get(branch.length());
    }

    private static BitSet anyFrom(BitSet reached, String branch, boolean slashes) {
        BitSet next = new BitSet(branch.length() + 1);
        for (int at = 0; at <= branch.length(); at++) {
            boolean carried = at > 0 && next.get(at - 1) && (slashes || branch.charAt(at - 1) != '/');
            next.set(at, reached.get(at) || carried);
        }
        return next;
    }

    private static BitSet one(BitSet reached, String branch, char wanted) {
        BitSet next = new BitSet(branch.length() + 1);
        for (int at = reached.nextSetBit(0); at >= 0 && at < branch.length(); at = reached.nextSetBit(at + 1)) {
            char c = branch.charAt(at);
            next.set(at + 1, wanted == '?' ? c != '/' : c == wanted);
        }
        return next;
    }

    /** What is wrong with the pattern, as the second half of a sentence. */
    static Optional<String> refusal(String pattern) {
        if (pattern.startsWith("!")) {
            return Optional.of("excludes branches, which is not supported yet; name the branches that start a run");
        }
        if (pattern.startsWith("refs/")) {
            return Optional.of("is a full reference; write the branch's name alone");
        }
        if (!ALLOWED.matcher(pattern).matches()
                || Characters.firstHidden(pattern).isPresent()
                || pattern.contains("@{")) {
            return Optional.of(
                    "has a character that no branch has; use letters, digits, `/`, `.`, `-`, `_` and `*`, `**`, `?`");
        }
        boolean misplaced = pattern.startsWith("-")
                || pattern.startsWith("/")
                || pattern.endsWith("/")
                || pattern.endsWith(".lock")
                || pattern.endsWith(".")
                || pattern.contains("..")
                || pattern.contains("//");
        return misplaced ? Optional.of("is nothing that git takes as a branch; correct it") : Optional.empty();
    }

    static Optional<String> meant(String pattern) {
        return Optional.of(pattern)
                .filter(text -> text.startsWith(HEADS))
                .map(text -> text.substring(HEADS.length()))
                .filter(text -> refusal(text).isEmpty());
    }
}

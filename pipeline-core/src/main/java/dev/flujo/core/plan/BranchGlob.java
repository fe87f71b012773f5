package dev.flujo.core.plan;

/**
 * Branch patterns: {@code *} stands for any characters but a slash, {@code **} for any characters, {@code ?} for one that
 * is no slash. Matched without backtracking into what was matched before, so no pattern is slow.
 */
public final class BranchGlob {

    private BranchGlob() {}

    /** Whether the whole branch name matches the pattern. */
    public static boolean matches(String glob, String branch) {
        boolean[] reached = new boolean[branch.length() + 1];
        reached[0] = true;
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i);
            boolean everything = c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*';
            reached = c == '*' ? star(reached, branch, everything) : one(reached, branch, c);
            i += everything ? 2 : 1;
        }
        return reached[branch.length()];
    }

    private static boolean[] star(boolean[] reached, String branch, boolean everything) {
        boolean[] next = new boolean[reached.length];
        boolean open = false;
        for (int at = 0; at < reached.length; at++) {
            boolean crosses = at > 0 && branch.charAt(at - 1) == '/' && !everything;
            open = reached[at] || (open && !crosses);
            next[at] = open;
        }
        return next;
    }

    private static boolean[] one(boolean[] reached, String branch, char c) {
        boolean[] next = new boolean[reached.length];
        for (int at = 0; at < branch.length(); at++) {
            boolean fits = c == '?' ? branch.charAt(at) != '/' : branch.charAt(at) == c;
            next[at + 1] = reached[at] && fits;
        }
        return next;
    }
}

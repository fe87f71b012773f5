package dev.flujo.pipeline.source;

import java.util.regex.Pattern;

/** Which texts are branches and commits. */
public final class GitNames {

    private static final int LONGEST = 244;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private GitNames() {}

    /** A whole commit id: 40 or 64 hexadecimal digits in lower case. */
    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** A branch as {@code git check-ref-format --branch} takes it, without characters that nobody sees. */
    public static boolean isBranch(String text) {
        if (text.isEmpty() || text.length() > LONGEST || text.startsWith("-") || text.equals("@")) {
            return false;
        }
        if (text.contains("..") || text.contains("@{") || text.endsWith(".") || text.endsWith("/")) {
            return false;
        }
        for (String part : text.split("/", -1)) {
            if (part.isEmpty() || part.startsWith(".") || part.endsWith(".lock")) {
                return false;
            }
        }
        return text.codePoints().noneMatch(GitNames::refused);
    }

    private static boolean refused(int c) {
        return c <= ' ' || "~^:?*[\\".indexOf(c) >= 0 || Characters.hidden(c) || Character.isWhitespace(c);
    }
}

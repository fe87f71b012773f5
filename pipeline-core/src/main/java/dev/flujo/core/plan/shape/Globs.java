package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.shape.Format.Rule;
import java.util.List;

/** The formats of patterns: {@code *} is anything but {@code /}, {@code **} anything, {@code ?} one character but {@code /}. */
final class Globs {

    private static final String IN_WORKSPACE = "a path inside the workspace";
    private static final String NO_BRANCH = "[\\s~^:\\\\\\[\\]{}\"'`|&;<>$()]|.!|@\\{|" + Formats.HIDDEN;
    private static final String MISPLACED = "^!?[-/]|/$|\\.lock$|\\.$|\\.\\.|//|^!?$";

    /** Branches, and those that are taken back by a {@code !} in front. */
    static final Format BRANCHES = references("a branch or a pattern of branches", "branch");

    /** Tags, in the same way. */
    static final Format TAGS = references("a tag or a pattern of tags", "tag");

    /** One branch. */
    static final Format BRANCH =
            BRANCHES.called("the name of a branch").after(Rule.not("[*?!]", "is a pattern; name one branch"));

    /** Files of the workspace. */
    static final Format FILES = new Format(
            IN_WORKSPACE,
            List.of(
                    Rule.not("^/|^[A-Za-z]:", "is absolute; write it relative to the workspace"),
                    Rule.not("^~", "leads to a home directory; write it relative to the workspace"),
                    Rule.not(Formats.HIDDEN, "has an invisible character; remove it"),
                    Rule.not("[\\\\\\[\\]{}!]", "has one of the characters `\\ [ ] { } !`; use `*`, `**` and `?`"),
                    Rule.not("(?:^|/)\\.\\.(?:/|$)", "leads out of the workspace; write it without `..`"),
                    Rule.not("^\\.git(?:/|$)", "leads into git's own directory; name files of the work"),
                    Rule.not(
                            "(?:^|/)\\.?(?:/|$)",
                            "is not in its shortest form; write it without `.`, `//` and a `/` at its end")),
            Globs::shortest);

    /** Files of a commit, and those that are taken back by a {@code !} in front. */
    static final Format CHANGED = new Format(
            "a path of the repository, or a pattern of such paths",
            List.of(
                    Rule.not("^!?/", "is absolute; write it from the repository's root on, without the first `/`"),
                    Rule.not(Formats.HIDDEN, "has an invisible character; remove it"),
                    Rule.not(
                            "[\\\\\\[\\]{}]|.!",
                            "has one of the characters `\\ [ ] { }`, or `!` inside; use `*`, `**` and `?`"),
                    Rule.not(
                            "^!?$|(?:^!?|/)\\.{0,2}/|(?:^!?|/)\\.{1,2}$|/$",
                            "is not in its shortest form; write it without `.`, `..`, `//` and a `/` at its end")),
            Globs::shortest);

    /** One file of the workspace. */
    static final Format FILE =
            FILES.called("a file inside the workspace").after(Rule.not("[*?]", "is a pattern; name one file"));

    /** One directory of the workspace. */
    static final Format DIRECTORY = FILES.called("a directory inside the workspace")
            .after(Rule.not("[*?]", "is a pattern; name one directory"));

    /** Directories that a cache keeps: of the workspace, or of the home directory. */
    static final Format CACHED = new Format(
            "a directory of the workspace, or one of the home directory that starts with `~/`",
            List.of(
                    Rule.not("^/|^[A-Za-z]:", "is absolute; write it relative to the workspace, or from `~/` on"),
                    Rule.not(Formats.HIDDEN, "has an invisible character; remove it"),
                    Rule.not("[\\\\\\[\\]{}!*?]|.~", "is a pattern; name the directory"),
                    Rule.not("(?:^|/)\\.\\.(?:/|$)", "leads out; write it without `..`"),
                    Rule.not("^\\.git(?:/|$)|^~$|^~[^/]", "is more than a cache may keep; name a directory in it"),
                    Rule.not(
                            "(?:^|/)\\.?(?:/|$)",
                            "is not in its shortest form; write it without `.`, `//` and a `/` at its end")),
            Globs::shortest);

    private Globs() {}

    private static Format references(String expected, String one) {
        return new Format(
                expected,
                List.of(
                        Rule.not("^!?refs/", "is a full reference; write the " + one + "'s name alone"),
                        Rule.not(
                                NO_BRANCH,
                                "has a character that no " + one
                                        + " has; use letters, digits, `/`, `.`, `-`, `_` and `*`, `**`, `?`"),
                        Rule.not(MISPLACED, "is nothing that git takes as a " + one + "; correct it")),
                text -> text.replaceFirst("^refs/(heads|tags)/", ""));
    }

    /** The same without what is too much. */
    private static String shortest(String pattern) {
        String shorter = pattern.replaceAll("/{2,}", "/").replaceAll("^(\\./)+", "");
        String whole = shorter.endsWith("/") ? shorter + "**" : shorter;
        return whole.equals(".") ? "**" : whole;
    }
}

package dev.flujo.pipeline.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import dev.flujo.pipeline.source.Characters;
import dev.flujo.pipeline.source.GitNames;
import java.util.UUID;
import java.util.regex.Pattern;

/** Checks what callers send; what is wrong ends in a problem. */
public final class Inputs {

    /** The most items of one page. */
    static final int MOST = 200;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");
    private static final int SHOWN = 80;
    private static final int LONGEST_SEARCHED = 200;

    private Inputs() {}

    /** A project or pipeline. */
    public static String name(String what, String text) {
        if (!NAME.matcher(text).matches()) {
            throw invalid("Expected a " + what
                    + " of at most 63 letters, digits, '.', '_' and '-' that begins with a letter or digit, but it is '"
                    + shown(text) + "'");
        }
        return text;
    }

    /** A branch of git. */
    public static String branch(String text) {
        if (text == null || !GitNames.isBranch(text)) {
            throw invalid("Expected the name of a branch as git takes it, but "
                    + (text == null ? "there is none" : "it is '" + shown(text) + "'"));
        }
        return text;
    }

    /** A whole commit id. */
    public static String commit(String text) {
        if (!GitNames.isCommit(text)) {
            throw invalid(
                    "Expected a commit of 40 or 64 hexadecimal digits in lower case, but it is '" + shown(text) + "'");
        }
        return text;
    }

    static String idempotencyKey(String text) {
        if (!KEY.matcher(text).matches()) {
            throw bad("Expected an Idempotency-Key of 1 to 200 visible ASCII characters, but it is '" + shown(text)
                    + "'");
        }
        return text;
    }

    /** The id of a run; whatever is none names no run. */
    static UUID run(String text) {
        try {
            UUID run = UUID.fromString(text);
            if (run.toString().equals(text)) {
                return run;
            }
            throw noRun(text);
        } catch (IllegalArgumentException e) {
            throw noRun(text);
        }
    }

    static Problem noRun(Object run) {
        return new Problem(
                CommonProblem.NOT_FOUND, "Expected the id of a run, but there is no run " + shown(String.valueOf(run)));
    }

    /** How many items a page shall have. */
    static int limit(String text, int usual) {
        return text == null ? usual : (int) number("limit", text, 1, MOST);
    }

    /** A whole number in a query. */
    static long number(String what, String text, long least, long most) {
        long number = NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw bad("Expected " + what + " between " + least + " and " + most + ", but it is '" + shown(text) + "'");
        }
        return number;
    }

    /** A text that lines are looked for by. */
    static String searched(String text) {
        if (text.isEmpty() || text.length() > LONGEST_SEARCHED || text.indexOf('\n') >= 0) {
            throw bad("Expected as 'contains' a part of a line, of 1 to " + LONGEST_SEARCHED
                    + " characters, but it is '" + shown(text) + "'");
        }
        return text;
    }

    /** The number after which a stream goes on, by the header that every reader of server-sent events sends again. */
    static long lastEventId(String text, long most) {
        if (text == null) {
            return 0;
        }
        if (!NUMBER.matcher(text).matches() || Long.parseLong(text) > most) {
            throw bad("Expected as Last-Event-ID the id of an event of this stream, a number from 0 to " + most
                    + ", but it is '" + shown(text) + "'; leave the header out to begin with the first event");
        }
        return Long.parseLong(text);
    }

    /** The text of a file in a JSON body. */
    static String source(String text) {
        if (text == null) {
            throw invalid("Expected the text of a pipeline file in 'source', but there is none");
        }
        return text;
    }

    static Problem bad(String detail) {
        return new Problem(CommonProblem.BAD_REQUEST, detail);
    }

    static Problem invalid(String detail) {
        return new Problem(CommonProblem.INVALID, detail);
    }

    /** A caller's text as it may stand in an answer: short, and with nothing hidden. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(SHOWN).forEach(c -> shown.appendCodePoint(Characters.hidden(c) ? '\uFFFD' : c));
        return text.codePointCount(0, text.length()) > SHOWN ? shown + "..." : shown.toString();
    }
}

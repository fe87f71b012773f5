package dev.flujo.deploy.api;

import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.util.regex.Pattern;

/** How many entries a page may have. */
final class Limit {

    /** More of them would be too long an answer. */
    static final int MOST = 200;

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");

    private Limit() {}

    static int of(String text) {
        if (COUNT.matcher(text).matches()) {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST) {
                return count;
            }
        }
        throw new Problem(
                CommonProblem.BAD_REQUEST, "Expected a limit from 1 to " + MOST + ", but it is another; correct it");
    }
}

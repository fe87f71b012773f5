package dev.flujo.deploy.api;

import dev.flujo.deploy.Environment;
import dev.flujo.kit.problem.CommonProblem;
import dev.flujo.kit.problem.Problem;
import java.util.regex.Pattern;

/** The names of projects and environments as paths may have them. */
final class EnvironmentNames {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private EnvironmentNames() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** The environment with these names; a problem (404) if that are no names. */
    static Environment checked(String project, String environment) {
        if (!isName(project) || !isName(environment)) {
            throw none(project, environment);
        }
        return new Environment(project, environment);
    }

    static Problem none(String project, String environment) {
        boolean plain = isName(project) && isName(environment);
        return new Problem(
                CommonProblem.NOT_FOUND,
                "Expected an environment that something was deployed to, but "
                        + (plain ? "project " + project + " has no '" + environment + "'" : "that is no name of one"));
    }
}

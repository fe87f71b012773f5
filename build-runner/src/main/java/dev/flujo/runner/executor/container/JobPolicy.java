package dev.flujo.runner.executor.container;

import dev.flujo.event.Work;
import dev.flujo.event.plan.Service;
import dev.flujo.event.plan.Step;
import dev.flujo.runner.executor.RefusedException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What nobody may ask of a container, whatever has let it through before: an image that is an option or a path, and variables
 * that change how programs start. Privileges, paths and namespaces of the machine cannot be asked for at all.
 */
public final class JobPolicy {

    private static final Pattern IMAGE =
            Pattern.compile("[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
                    + "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern DANGEROUS = Pattern.compile("(?:LD_|DYLD_|BASH|GIT_).*|PATH|ENV|IFS|CDPATH|SHELLOPTS"
            + "|PROMPT_COMMAND|PS4|GLOBIGNORE|SSH_ASKPASS|DOCKER_(?:HOST|CONFIG|CONTEXT)|GCONV_PATH|GLIBC_TUNABLES"
            + "|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|PERL5OPT|RUBYOPT|PYTHONSTARTUP");
    private static final int LONGEST_IMAGE = 512;

    private JobPolicy() {}

    /** Refuses work that asks for what nobody may have. */
    public static void check(Work work) throws RefusedException {
        if (work.job().placement().image().isPresent()) {
            image(work.job().placement().image().get());
        }
        variables(work.env(), "job");
        for (Step step : work.job().steps()) {
            variables(step.env(), "step '" + step.name() + "'");
        }
        for (Map.Entry<String, Service> service :
                work.job().placement().services().entrySet()) {
            image(service.getValue().image());
            variables(service.getValue().env(), "service '" + service.getKey() + "'");
        }
    }

    private static void image(String name) throws RefusedException {
        if (name.length() > LONGEST_IMAGE || !IMAGE.matcher(name).matches()) {
            throw new RefusedException("Expected the name of a container image, but found '" + name
                    + "'; write registry/name:tag or name@sha256:…");
        }
    }

    private static void variables(Map<String, String> variables, String whose) throws RefusedException {
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!NAME.matcher(variable.getKey()).matches()
                    || DANGEROUS.matcher(variable.getKey()).matches()) {
                throw new RefusedException("Expected variables of the pipeline's own, but the " + whose + " sets '"
                        + variable.getKey() + "', which changes how programs start; set it inside a script");
            }
            if (variable.getValue().indexOf('\0') >= 0) {
                throw new RefusedException("Expected text in the variable " + variable.getKey() + " of the " + whose
                        + ", but it holds NUL");
            }
        }
    }
}

package dev.flujo.core.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code env}: variables for scripts, but none that would change how the platform itself starts programs. */
final class EnvReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    static final Set<String> RESERVED = Set.of(
            "PATH",
            "ENV",
            "IFS",
            "CDPATH",
            "PS4",
            "GLOBIGNORE",
            "PROMPT_COMMAND",
            "SHELLOPTS",
            "DOCKER_CONFIG",
            "DOCKER_CONTEXT",
            "DOCKER_HOST",
            "SSH_ASKPASS",
            "GCONV_PATH",
            "GLIBC_TUNABLES",
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "PERL5OPT",
            "RUBYOPT",
            "PYTHONSTARTUP");

    static final List<String> RESERVED_PREFIXES = List.of("GIT_", "LD_", "DYLD_", "BASH");

    private final Problems problems;
    private final Values values;

    EnvReader(Problems problems) {
        this.problems = problems;
        this.values = new Values(problems);
    }

    Map<String, String> read(Node node) {
        List<Node.Field> fields = values.mapping(node, "`env`");
        if (fields.size() > Limits.VARIABLES) {
            problems.add(
                    node,
                    "Expected at most " + Limits.VARIABLES + " variables in `env`, but there are " + fields.size()
                            + "; remove some.");
        }
        Map<String, String> env = new LinkedHashMap<>();
        for (Node.Field field : fields) {
            checkName(field.key());
            values.possiblyEmptyText(field.value(), "the value of " + Quote.of(field.name()), Limits.VALUE)
                    .ifPresent(value -> env.put(field.name(), value.text()));
        }
        return env;
    }

    private void checkName(Node.Scalar key) {
        String name = key.text();
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    key,
                    "Expected a variable's name of letters, digits and `_` that does not start with a digit, but it is "
                            + Quote.of(name) + "; rename it.",
                    () -> Optional.of(name.strip().replaceAll("[^A-Za-z0-9_]+", "_"))
                            .filter(other -> NAME.matcher(other).matches()));
        } else if (name.startsWith("FLUJO_")) {
            problems.add(
                    key,
                    "Expected a variable of your own, but names with `FLUJO_` are Flujo's, and " + Quote.of(name)
                            + " is one; rename it.");
        } else if (name.equals("PATH")) {
            problems.add(
                    key,
                    "Expected a variable of your own, but `PATH` belongs to the runner; extend it inside a script:"
                            + " `export PATH=\"$PWD/bin:$PATH\"`.");
        } else if (RESERVED.contains(name) || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)) {
            problems.add(
                    key,
                    "Expected a variable of your own, but " + Quote.of(name)
                            + " changes how the runner starts programs; set it inside a script where it is needed.");
        }
    }
}

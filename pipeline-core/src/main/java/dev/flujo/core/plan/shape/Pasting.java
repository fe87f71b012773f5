package dev.flujo.core.plan.shape;

import dev.flujo.core.plan.yaml.Quote;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions where nothing is replaced, above all in scripts: what is pasted into a script becomes part of the script. */
final class Pasting {

    /** What starts an expression. */
    static final String OPEN = "${{";

    /** Ours, and what other systems replace in scripts. */
    static final Pattern PATTERN = Pattern.compile("\\$\\{\\{"
            + "|\\$\\[\\[ *[a-z]"
            + "|<< *(parameters|pipeline)\\."
            + "|\\$\\((params|tasks|context|workspaces)\\."
            + "|\\{\\{ *(inputs|workflow|event|needs|matrix|secrets|steps|outputs)\\.");

    private static final Pattern WHOLE = Pattern.compile("\\$\\{\\{(.*?)\\}\\}", Pattern.DOTALL);

    /** What other systems write for something that Flujo has as an environment variable. */
    private static final Map<String, String> VARIABLES = new TreeMap<>(Map.of(
            "github.sha", "$FLUJO_COMMIT",
            "event.commit", "$FLUJO_COMMIT",
            "github.ref_name", "$FLUJO_BRANCH",
            "event.branch", "$FLUJO_BRANCH",
            "github.run_id", "$FLUJO_RUN",
            "run.id", "$FLUJO_RUN"));

    private Pasting() {}

    static boolean in(String text) {
        return PATTERN.matcher(text).find();
    }

    static String refusal(String text) {
        Matcher start = PATTERN.matcher(text);
        String rest = start.find() ? text.substring(start.start()) : text;
        Matcher whole = WHOLE.matcher(rest);
        String expression = whole.lookingAt() ? whole.group() : rest;
        return "Expected text as it shall be, but Flujo replaces nothing here, and there is " + Quote.of(expression)
                + "; a script reads values from environment variables, so give it to one in `env` and write"
                + " `\"$NAME\"`.";
    }

    /** What another system replaces, where Flujo replaces only its own expressions. */
    static String foreign(String text) {
        Matcher start = PATTERN.matcher(text);
        String rest = start.find() ? text.substring(start.start()) : text;
        return "Expected expressions in `${{ … }}`, but there is " + Quote.of(rest)
                + ", which nothing replaces; write it as Flujo does, such as `${{ inputs.version }}`.";
    }

    /** The expression alone, of a text that is one between its marks. */
    static Optional<String> inner(String text) {
        Matcher whole = WHOLE.matcher(text.strip());
        return whole.matches() && !whole.group(1).contains(OPEN)
                ? Optional.of(whole.group(1).strip())
                : Optional.empty();
    }

    /** The variable that has the value already. */
    static Optional<String> meant(String text) {
        Matcher whole = WHOLE.matcher(text);
        if (!whole.find()) {
            return Optional.empty();
        }
        String expression = whole.group(1).strip();
        if (expression.matches("(env|vars)\\.[A-Za-z_][A-Za-z0-9_]{0,100}")) {
            return Optional.of("$" + expression.substring(expression.indexOf('.') + 1));
        }
        return Optional.ofNullable(VARIABLES.get(expression));
    }
}

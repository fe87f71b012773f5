package dev.flujo.core.plan;

import dev.flujo.core.plan.expression.Numbers;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.event.plan.Input;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values of inputs: which are allowed, and what they are in expressions. */
public final class InputValues {

    private static final Pattern ENVIRONMENT = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private InputValues() {}

    /** What the value should be, if this is none for the input. */
    public static Optional<String> refusal(Input input, String value) {
        return switch (input.kind()) {
            case STRING -> Optional.empty();
            case NUMBER -> Optional.of("a number").filter(expected -> !Numbers.is(value));
            case BOOLEAN -> Optional.of("`true` or `false`").filter(expected -> !isBoolean(value));
            case CHOICE ->
                Optional.of(Quote.all(input.options(), "or"))
                        .filter(expected -> !input.options().contains(value));
            case ENVIRONMENT ->
                Optional.of("an environment's name")
                        .filter(expected -> !ENVIRONMENT.matcher(value).matches());
        };
    }

    /** The value that an input has where it is given none. */
    public static String otherwise(Input input) {
        return input.defaultValue().orElseGet(() -> switch (input.kind()) {
            case STRING, ENVIRONMENT -> "";
            case NUMBER -> "0";
            case BOOLEAN -> "false";
            case CHOICE -> input.options().isEmpty() ? "" : input.options().get(0);
        });
    }

    /** Every input with its value. */
    public static Map<String, String> complete(Map<String, Input> inputs, Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        inputs.forEach((name, input) -> values.put(name, given.getOrDefault(name, otherwise(input))));
        return values;
    }

    /** The value as expressions see it. */
    public static Object typed(Input.Kind kind, String value) {
        return switch (kind) {
            case NUMBER -> Numbers.read(value);
            case BOOLEAN -> value.equals("true");
            case STRING, CHOICE, ENVIRONMENT -> value;
        };
    }

    private static boolean isBoolean(String value) {
        return value.equals("true") || value.equals("false");
    }
}

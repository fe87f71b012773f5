package dev.flujo.core.plan.expression;

import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import dev.flujo.core.plan.yaml.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates expressions that were checked, with values for their variables. What a value holds is never evaluated again: an
 * expression in an event's text stays text.
 */
public final class Evaluation {

    private final Map<String, Object> variables;
    private final Programs programs;

    /** An expression that has no value: it asks for something that is not there, or of another kind. */
    public static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public Failure(String message) {
            super(message);
        }
    }

    public Evaluation(Map<String, Object> variables) {
        this(variables, new Programs());
    }

    /** Several evaluations of the same expressions compile each of them once. */
    public Evaluation(Map<String, Object> variables, Programs programs) {
        this.variables = Map.copyOf(variables);
        this.programs = programs;
    }

    /**
     * Whether the condition holds.
     *
     * @throws Failure if it has no value, or another than true or false
     */
    public boolean holds(String expression) {
        Object value = value(expression);
        if (value instanceof Boolean held) {
            return held;
        }
        throw new Failure("Expected true or false from " + Quote.of(expression) + ", but it is " + shown(value));
    }

    /**
     * The text with every expression replaced.
     *
     * @throws Failure if one has no value
     */
    public String text(String template) {
        if (!Template.hasExpressions(template)) {
            return template;
        }
        StringBuilder text = new StringBuilder();
        for (Template.Part part : Template.of(template).parts()) {
            text.append(part.expression() ? written(value(part.text())) : part.text());
        }
        return text.toString();
    }

    /**
     * The list that an expression gives, or that stands as JSON in the text that it gives.
     *
     * @throws Failure if it gives none
     */
    public List<Object> list(String expression) {
        Object value = value(expression);
        Object list = value instanceof String text ? json(expression, text) : value;
        if (list instanceof List<?> items) {
            return new ArrayList<>(items);
        }
        throw new Failure("Expected a list from " + Quote.of(expression) + ", but it is " + shown(value));
    }

    /** JSON-like data as expressions see it: whole numbers are of one kind. */
    public static Object value(Object data) {
        if (data instanceof Map<?, ?> map) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.forEach((key, inner) -> values.put(String.valueOf(key), value(inner)));
            return values;
        }
        if (data instanceof List<?> list) {
            return list.stream().map(Evaluation::value).toList();
        }
        if (data instanceof Integer || data instanceof Short || data instanceof Byte) {
            return ((Number) data).longValue();
        }
        return data instanceof Number number && !(data instanceof Long) ? (Object) number.doubleValue() : data;
    }

    /** As an expression's value is written into a text. */
    public static String written(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Map || value instanceof List ? Json.written(value) : Json.plain(value);
    }

    private Object value(String expression) {
        try {
            return programs.of(expression).eval(variables);
        } catch (CelValidationException | CelEvaluationException e) {
            throw new Failure("Expected a value from " + Quote.of(expression) + ", but " + reason(e));
        }
    }

    /** The JSON that stands in a text, if it is some. */
    public static Optional<Object> json(String text) {
        try {
            return Optional.of(Json.read(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Object json(String expression, String text) {
        try {
            return Json.read(text);
        } catch (IllegalArgumentException e) {
            throw new Failure("Expected a list from " + Quote.of(expression) + ", but it is " + shown(text));
        }
    }

    private static String reason(Exception e) {
        String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return Quote.visible(Quote.cut(said.replaceFirst("^evaluation error at <input>:[0-9]+: ", ""), 200));
    }

    private static String shown(Object value) {
        return Quote.of(written(value));
    }
}

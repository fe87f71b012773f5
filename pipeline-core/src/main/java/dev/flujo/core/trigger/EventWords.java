package dev.flujo.core.trigger;

import dev.flujo.core.plan.expression.Evaluation;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.core.plan.yaml.Quote;
import dev.flujo.core.plan.yaml.Spelling;
import dev.flujo.event.Cause;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads events that people describe in the words of expressions, to foresee what they would start. */
public final class EventWords {

    private EventWords() {}

    /** An event that nobody could mean. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /**
     * The event with these fields, of which {@code kind} says what happened.
     *
     * @throws Refused if it has no kind, a field that no event has, or one of another type
     */
    public static TriggerEvent event(Map<String, Object> fields) {
        Map<String, Object> known = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (!name.equals(EventField.KIND.word())) {
                known.put(name, checked(field(name), value));
            }
        });
        Cause.Kind kind = kind(fields.get(EventField.KIND.word()));
        if (kind == Cause.Kind.PULL_REQUEST) {
            known.putIfAbsent(EventField.ACTION.word(), "opened");
        }
        if (kind == Cause.Kind.UPSTREAM || kind == Cause.Kind.DEPLOYMENT) {
            known.putIfAbsent(EventField.OUTCOME.word(), "succeeded");
        }
        return new TriggerEvent(kind, known);
    }

    /**
     * The event that a line of words describes: the kind, then {@code field=value}; a list is written with commas.
     *
     * @throws Refused as above
     */
    public static TriggerEvent event(String kind, List<String> words) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(EventField.KIND.word(), kind);
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new Refused("Expected `field=value`, but it is " + Quote.of(word));
            }
            EventField field = field(word.substring(0, equals));
            fields.put(field.word(), read(field, word.substring(equals + 1)));
        }
        return event(fields);
    }

    private static Object read(EventField field, String text) {
        Object nothing = field.nothing();
        if (nothing instanceof List) {
            return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        }
        if (nothing instanceof Map) {
            return Evaluation.json(text).orElse(text);
        }
        if (nothing instanceof Boolean && (text.equals("true") || text.equals("false"))) {
            return Boolean.parseBoolean(text);
        }
        if (nothing instanceof Long && text.matches("[0-9]{1,9}")) {
            return Long.parseLong(text);
        }
        return text;
    }

    private static Cause.Kind kind(Object word) {
        List<String> words = Arrays.stream(Cause.Kind.values())
                .filter(kind -> kind != Cause.Kind.RERUN)
                .map(TriggerEvent::word)
                .toList();
        if (word instanceof String text && words.contains(text)) {
            return Cause.Kind.valueOf(text.toUpperCase(Locale.ROOT));
        }
        Optional<String> meant = word instanceof String text ? Spelling.nearest(text, words) : Optional.empty();
        throw new Refused("Expected a `kind` of event, one of " + Quote.all(words, "or") + ", but it is "
                + (word == null ? "missing" : Quote.of(String.valueOf(word)))
                + meant.map(near -> "; did you mean " + Quote.of(near) + "?").orElse(""));
    }

    private static EventField field(String name) {
        return Arrays.stream(EventField.values())
                .filter(field -> field.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refused("Expected a field of events, but there is no " + Quote.of(name)
                        + Spelling.nearest(
                                        name,
                                        Arrays.stream(EventField.values())
                                                .map(EventField::word)
                                                .toList())
                                .map(near -> "; did you mean " + Quote.of(near) + "?")
                                .orElse("")));
    }

    /** A payload may be anything; every other field is of its type. */
    private static Object checked(EventField field, Object value) {
        Object nothing = field.nothing();
        boolean fits = field == EventField.PAYLOAD
                || (nothing instanceof String && value instanceof String)
                || (nothing instanceof Long && value instanceof Number)
                || (nothing instanceof Boolean && value instanceof Boolean)
                || (nothing instanceof Map && value instanceof Map)
                || (nothing instanceof List && isTexts(value));
        if (value == null || !fits) {
            throw new Refused("Expected " + described(nothing) + " in " + Quote.of("event." + field.word())
                    + ", but it is " + (value == null ? "nothing" : Quote.of(Evaluation.written(value))));
        }
        return value;
    }

    private static boolean isTexts(Object value) {
        return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
    }

    private static String described(Object nothing) {
        if (nothing instanceof List) return "a list of texts";
        if (nothing instanceof Map) return "a mapping";
        if (nothing instanceof Boolean) return "`true` or `false`";
        return nothing instanceof Long ? "a number" : "a text";
    }
}

package dev.flujo.core.trigger;

import dev.flujo.core.plan.Context;
import dev.flujo.core.plan.expression.EventField;
import dev.flujo.event.Cause;
import dev.flujo.event.Ordered;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Something that may start pipelines, as expressions and filters see it.
 *
 * @param fields what is known of it, by the words of {@link EventField}
 */
public record TriggerEvent(Cause.Kind kind, Map<String, Object> fields) {

    public TriggerEvent {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(EventField.KIND.word(), word(kind));
        fields.forEach((name, value) -> {
            if (isField(name)) {
                all.put(name, value);
            }
        });
        fields = Ordered.tree(all);
    }

    /** The word for a kind in pipeline files. */
    public static String word(Cause.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** A text of it, empty where it has none. */
    public String text(EventField field) {
        return fields.get(field.word()) instanceof String text ? text : "";
    }

    /** Whether it is known which files it changes. */
    boolean pathsKnown() {
        return fields.get(EventField.PATHS.word()) instanceof List<?>;
    }

    List<String> paths() {
        return fields.get(EventField.PATHS.word()) instanceof List<?> paths
                ? paths.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Every field, with a neutral value where nothing is known. */
    Map<String, Object> complete() {
        return Context.fields(fields);
    }

    /** Whether events have a field of this name, which a producer may say. */
    public static boolean isField(String name) {
        for (EventField field : EventField.values()) {
            if (field.word().equals(name) && field != EventField.KIND) {
                return true;
            }
        }
        return false;
    }
}

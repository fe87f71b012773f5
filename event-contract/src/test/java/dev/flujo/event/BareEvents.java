package dev.flujo.event;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events with nothing in them that may be left out: no optional part, and nothing in any list. */
final class BareEvents {

    private BareEvents() {}

    /** The event without what may be left out; what a record itself insists on stays. */
    static Event of(Event event) {
        return (Event) bare(event);
    }

    private static Object bare(Object value) {
        if (value instanceof Optional<?>) return Optional.empty();
        if (value instanceof List<?>) return List.of();
        if (value instanceof Map<?, ?>) return Map.of();
        return value.getClass().isRecord() && !(value instanceof CdEvent) ? bareRecord(value) : value;
    }

    private static Object bareRecord(Object value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        Object[] parts = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                components[i].getAccessor().setAccessible(true);
                types[i] = components[i].getType();
                parts[i] = bare(components[i].getAccessor().invoke(value));
            }
            Constructor<?> constructor = value.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(parts);
        } catch (InvocationTargetException e) {
            return value;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Expected a record that can be made anew, but found " + value.getClass(), e);
        }
    }
}

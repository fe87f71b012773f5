package dev.flujo.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Unmodifiable copies that keep their order: what is written must not depend on a hash. */
public final class Ordered {

    private Ordered() {}

    /** A copy in the same order, without nulls in it; an empty one for null. */
    public static <K, V> Map<K, V> copy(Map<K, V> map) {
        if (map != null) {
            map.forEach((key, value) -> {
                Objects.requireNonNull(key, "key");
                Objects.requireNonNull(value, () -> "value of " + key);
            });
        }
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}

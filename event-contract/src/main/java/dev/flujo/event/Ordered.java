package dev.flujo.event;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Unmodifiable copies that keep their order: what is written must not depend on a hash. */
public final class Ordered {

    private Ordered() {}

    /** A copy in the same order; none for null. */
    public static <K, V> Map<K, V> copy(Map<K, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}

package dev.flujo.event;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Unmodifiable copies that keep their order: what is written must not depend on a hash. */
public final class Ordered {

    private Ordered() {}

    /** What nobody else has, and nobody changes; a copy of it is itself. */
    private static final class Kept<K, V> extends AbstractMap<K, V> {

        private final Map<K, V> map;

        private Kept(Map<K, V> map) {
            this.map = Collections.unmodifiableMap(map);
        }

        @Override
        public V get(Object key) {
            return map.get(key);
        }

        @Override
        public boolean containsKey(Object key) {
            return map.containsKey(key);
        }

        @Override
        public Set<Entry<K, V>> entrySet() {
            return map.entrySet();
        }
    }

    /** A copy in the same order, without nulls in it; an empty one for null. */
    public static <K, V> Map<K, V> copy(Map<K, V> map) {
        if (map instanceof Kept) {
            return map;
        }
        if (map != null) {
            map.forEach((key, value) -> {
                Objects.requireNonNull(key, "key");
                Objects.requireNonNull(value, () -> "value of " + key);
            });
        }
        return map == null ? Map.of() : new Kept<>(new LinkedHashMap<>(map));
    }

    /**
     * A copy of JSON-like data, in the same order, with copies of all lists and maps in it; what is null is as if it were
     * not there. An empty one for null.
     */
    public static Map<String, Object> tree(Map<String, ?> map) {
        Map<String, Object> copied = new LinkedHashMap<>();
        if (map != null) {
            map.forEach((key, value) -> {
                if (value != null) {
                    copied.put(key, branch(value));
                }
            });
        }
        return Collections.unmodifiableMap(copied);
    }

    private static Object branch(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> named = new LinkedHashMap<>();
            map.forEach((key, inner) -> named.put(String.valueOf(key), inner));
            return tree(named);
        }
        if (value instanceof List<?> list) {
            return list.stream().filter(Objects::nonNull).map(Ordered::branch).toList();
        }
        return value;
    }
}

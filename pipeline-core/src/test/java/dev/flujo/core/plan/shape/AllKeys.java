package dev.flujo.core.plan.shape;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every mapping with known keys that can stand somewhere in a file. */
final class AllKeys {

    private final Map<String, Shape.Keys> found = new LinkedHashMap<>();

    private AllKeys() {}

    static Collection<Shape.Keys> of(Shape... roots) {
        AllKeys all = new AllKeys();
        for (Shape root : roots) {
            all.collect(root);
        }
        return all.found.values();
    }

    private void collect(Shape shape) {
        if (shape instanceof Shape.Keys keys) {
            if (found.putIfAbsent(keys.owner() + keys.names(), keys) == null) {
                keys.keys().forEach(key -> collect(key.shape()));
            }
        } else if (shape instanceof Shape.Items items) {
            collect(items.item());
        } else if (shape instanceof Shape.Table table) {
            table.fixed().forEach(key -> collect(key.shape()));
            collect(table.value());
        } else if (shape instanceof Shape.Forms forms) {
            forms.text().ifPresent(this::collect);
            forms.list().ifPresent(this::collect);
            forms.mapping().ifPresent(this::collect);
        }
    }
}

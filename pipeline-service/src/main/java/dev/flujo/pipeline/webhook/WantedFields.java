package dev.flujo.pipeline.webhook;

import com.fasterxml.jackson.core.filter.TokenFilter;
import java.util.HashMap;
import java.util.Map;

/** Which fields of a payload are read: few of one that may be long; the rest is passed over as it goes by. */
final class WantedFields extends TokenFilter {

    private final Map<String, TokenFilter> wanted = new HashMap<>();

    private WantedFields() {}

    /** The fields at these paths, as {@code head.repo.id}; in arrays of objects those of each object. */
    static WantedFields of(String... paths) {
        WantedFields root = new WantedFields();
        for (String path : paths) {
            root.add(path.split("\\."));
        }
        return root;
    }

    @Override
    public TokenFilter includeProperty(String name) {
        return wanted.get(name);
    }

    private void add(String... path) {
        WantedFields fields = this;
        for (int i = 0; i < path.length - 1; i++) {
            fields = (WantedFields) fields.wanted.computeIfAbsent(path[i], name -> new WantedFields());
        }
        fields.wanted.put(path[path.length - 1], TokenFilter.INCLUDE_ALL);
    }
}

package dev.flujo.core.plan.yaml;

import java.util.ArrayDeque;
import java.util.Deque;

/** The way from the root of a file to one of its nodes; spelled out only when a problem names it. */
public record Path(Path parent, String segment) {

    public static final Path ROOT = new Path(null, "");

    private static final int LONGEST_SEGMENT = 128;

    Path child(String key) {
        return new Path(this, key);
    }

    Path child(int index) {
        return new Path(this, Integer.toString(index));
    }

    /** As a JSON pointer (RFC 6901). Segments longer than any key may be are cut, so that a pointer stays small. */
    public String pointer() {
        Deque<String> segments = new ArrayDeque<>();
        for (Path path = this; path.parent != null; path = path.parent) {
            segments.push(path.segment);
        }
        StringBuilder pointer = new StringBuilder();
        for (String segment : segments) {
            pointer.append('/').append(escaped(Quote.cut(segment, LONGEST_SEGMENT)));
        }
        return pointer.toString();
    }

    private static String escaped(String segment) {
        return Quote.visible(segment).replace("~", "~0").replace("/", "~1");
    }
}

package dev.flujo.core.plan.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A list or mapping of which not all children are read yet. */
final class OpenNode {

    private final boolean mapping;
    private final Place place;
    private final Path path;
    private final Problems problems;
    private final List<Node> items = new ArrayList<>();
    private final List<Node.Field> fields = new ArrayList<>();
    private final Map<String, Place> seen = new HashMap<>();
    private Node key;
    private boolean keyRefused;

    OpenNode(boolean mapping, Place place, Path path, Problems problems) {
        this.mapping = mapping;
        this.place = place;
        this.path = path;
        this.problems = problems;
    }

    void add(Node node) {
        if (!mapping) {
            items.add(node);
        } else if (key == null) {
            key = node;
            keyRefused = !acceptable(node);
        } else {
            if (!keyRefused && key instanceof Node.Scalar name) {
                fields.add(new Node.Field(name, node));
            }
            key = null;
        }
    }

    Path nextPath() {
        if (!mapping) {
            return path.child(items.size());
        }
        return key instanceof Node.Scalar name ? path.child(name.text()) : path;
    }

    Path nextPath(String text) {
        return mapping && key == null ? path.child(text) : nextPath();
    }

    Node node() {
        return mapping
                ? new Node.Fields(place, path, List.copyOf(fields))
                : new Node.Items(place, path, List.copyOf(items));
    }

    private boolean acceptable(Node node) {
        if (node instanceof Node.Unreadable) {
            return false;
        }
        if (!(node instanceof Node.Scalar name)) {
            problems.add(node, "Expected a name as key, but it is " + node.described() + "; write `key: value`.");
            return false;
        }
        if (name.plain() && name.text().equals("<<")) {
            problems.add(node, "Expected the keys themselves, but `<<` would merge others in; repeat them here.");
            return false;
        }
        if (name.text().isEmpty() || name.text().length() > FileLimits.KEY) {
            String found = name.text().isEmpty()
                    ? "it is empty"
                    : "it has " + name.text().length();
            problems.add(
                    node, "Expected a key of 1 to " + FileLimits.KEY + " characters, but " + found + "; rename it.");
            return false;
        }
        return isNew(name);
    }

    private boolean isNew(Node.Scalar name) {
        Place first = seen.putIfAbsent(name.text(), name.place());
        if (first != null) {
            problems.add(
                    name,
                    "Expected each key once, but " + Quote.of(name.text()) + " is already on line " + first.line()
                            + "; remove one of them.");
        }
        return first == null;
    }
}

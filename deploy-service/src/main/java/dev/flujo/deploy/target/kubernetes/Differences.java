package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.DriftEvent.Difference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** In which fields an object is not as it would be if it were applied now, and who has changed each, by its own account. */
final class Differences {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 200;
    private static final List<String> NOT_APPLIED =
            List.of("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid", "selfLink");

    private final String object;
    private final JsonNode live;
    private final List<JsonNode> managers;
    private final List<Difference> found = new ArrayList<>();

    private Differences(String object, JsonNode live) {
        this.object = object;
        this.live = live;
        this.managers = StreamSupport.stream(live.at("/metadata/managedFields").spliterator(), false)
                .filter(entry -> !entry.path("manager").asText().equals(Marks.MANAGER))
                .sorted(Comparator.comparing(
                                (JsonNode entry) -> entry.path("time").asText())
                        .reversed())
                .toList();
    }

    /** The fields that differ, from one object as JSON to the other. */
    static List<Difference> of(ObjectKey key, String live, String wanted) throws IOException {
        JsonNode there = JSON.readTree(live);
        Differences differences = new Differences(key.toString(), there);
        differences.compare(List.of(), applied(there), applied(JSON.readTree(wanted)));
        return differences.found;
    }

    /** What somebody may have applied: not what the cluster itself writes. */
    private static JsonNode applied(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        copy.withObject("/metadata").remove(NOT_APPLIED);
        return copy;
    }

    private void compare(List<String> path, JsonNode there, JsonNode wanted) {
        if (there.equals(wanted)) {
            return;
        }
        if (there.isObject() && wanted.isObject()) {
            Set<String> names = new TreeSet<>();
            there.fieldNames().forEachRemaining(names::add);
            wanted.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(and(path, name), there.path(name), wanted.path(name)));
            return;
        }
        if (there.isArray() && wanted.isArray() && there.size() == wanted.size()) {
            for (int i = 0; i < there.size(); i++) {
                compare(and(path, Integer.toString(i)), there.get(i), wanted.get(i));
            }
            return;
        }
        found.add(new Difference(object, String.join(".", path), text(wanted), text(there), manager(path)));
    }

    private static List<String> and(List<String> path, String name) {
        return Stream.concat(path.stream(), Stream.of(name)).toList();
    }

    private static Optional<String> text(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        String text = node.isValueNode() ? node.asText() : node.toString();
        return Optional.of(text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
    }

    /** Who has written the field last, other than Flujo; nobody says who has taken one away. */
    private Optional<String> manager(List<String> path) {
        return managers.stream()
                .filter(entry -> !entry.path("fieldsV1").isEmpty() && owns(entry.path("fieldsV1"), path))
                .map(entry -> entry.path("manager").asText())
                .findFirst();
    }

    private boolean owns(JsonNode fields, List<String> path) {
        JsonNode at = fields;
        JsonNode value = live;
        for (String name : path) {
            if (at.isEmpty()) {
                return true;
            }
            at = value.isArray() ? element(at, value.path(Integer.parseInt(name))) : at.path("f:" + name);
            value = value.isArray() ? value.path(Integer.parseInt(name)) : value.path(name);
            if (at.isMissingNode()) {
                return false;
            }
        }
        return true;
    }

    /** An account names the elements of a list by their keys, such as {@code k:{"name":"app"}}. */
    private static JsonNode element(JsonNode fields, JsonNode element) {
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (entry.getKey().startsWith("k:") && isKeyOf(entry.getKey().substring(2), element)) {
                return entry.getValue();
            }
        }
        return JSON.missingNode();
    }

    private static boolean isKeyOf(String key, JsonNode element) {
        try {
            return JSON.readTree(key).properties().stream()
                    .allMatch(part -> part.getValue().equals(element.path(part.getKey())));
        } catch (IOException e) {
            return false;
        }
    }
}

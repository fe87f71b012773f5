package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The objects of one deployment, in the order in which they are applied. */
record Release(SortedMap<ObjectKey, ObjectNode> manifests) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws Refused if an object is there twice, or says that it belongs elsewhere */
    static Release of(List<ObjectNode> manifests, Place place) throws Refused {
        SortedMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
        for (ObjectNode manifest : manifests) {
            ObjectKey key = key(manifest);
            String namespace = manifest.at("/metadata/namespace").asText(place.namespace());
            if (!namespace.isEmpty() && !namespace.equals(place.namespace())) {
                throw new Refused("Expected objects for namespace " + place.namespace() + ", but " + key
                        + " is for namespace " + namespace + ".");
            }
            if (key.name().equals(place.inventoryName()) || key.name().startsWith(place.inventoryName() + ".")) {
                throw new Refused("Expected other names than Flujo's own, but there is " + key + ".");
            }
            ObjectNode metadata = manifest.withObject("/metadata");
            metadata.put("namespace", place.namespace());
            metadata.remove(List.of("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation"));
            manifest.remove("status");
            if (objects.put(key, manifest) != null) {
                throw new Refused("Expected each object once, but " + key + " is there twice.");
            }
        }
        return new Release(objects);
    }

    List<ObjectKey> keys() {
        return List.copyOf(manifests.keySet());
    }

    /** What is rolled out: deployments, stateful sets, daemon sets. */
    List<ObjectKey> workloads() {
        return manifests.keySet().stream().filter(key -> key.kind().rollsOut()).toList();
    }

    /** All of it, as small as it gets. */
    byte[] packed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            ArrayNode all = JSON.createArrayNode();
            manifests.values().forEach(all::add);
            out.write(JSON.writeValueAsBytes(all));
        }
        return bytes.toByteArray();
    }

    static Release unpacked(byte[] bytes) throws IOException {
        SortedMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            for (JsonNode manifest : JSON.readTree(in)) {
                objects.put(key(manifest), (ObjectNode) manifest);
            }
        }
        return new Release(objects);
    }

    private static ObjectKey key(JsonNode manifest) {
        Kind kind = Kind.of(
                        manifest.path("apiVersion").asText(),
                        manifest.path("kind").asText())
                .orElseThrow();
        return new ObjectKey(kind, manifest.at("/metadata/name").asText());
    }
}

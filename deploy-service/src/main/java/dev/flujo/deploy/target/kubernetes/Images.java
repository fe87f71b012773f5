package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The images of a release: set by the names that manifests give them, and each of them by digest in the end. */
final class Images {

    private static final Pattern DIGEST = Pattern.compile(".+@sha256:[0-9a-f]{64}");
    private static final List<String> POD_SPECS =
            List.of("/spec/template/spec", "/spec/jobTemplate/spec/template/spec");

    private Images() {}

    /** @throws Refused if a name occurs in no manifest, or an image is not named by its digest */
    static void set(List<ObjectNode> manifests, Map<String, String> images) throws Refused {
        Set<String> unused = new TreeSet<>(images.keySet());
        Set<String> loose = new TreeSet<>();
        for (ObjectNode container : containers(manifests)) {
            String image = container.path("image").asText();
            String name = name(image);
            if (images.containsKey(name)) {
                unused.remove(name);
                container.put("image", images.get(name));
            }
            if (!DIGEST.matcher(container.path("image").asText()).matches()) {
                loose.add(container.path("image").asText());
            }
        }
        if (!unused.isEmpty()) {
            throw new Refused("Expected the names of images in the manifests, but none of them has "
                    + String.join(", ", unused) + ".");
        }
        if (!loose.isEmpty()) {
            throw new Refused("Expected every image by its digest (NAME@sha256:...), but the manifests have "
                    + String.join(", ", loose) + "; `images` can set it.");
        }
    }

    /** An image without its tag and digest. */
    private static String name(String image) {
        String untouched = image.split("@", 2)[0];
        int colon = untouched.lastIndexOf(':');
        return colon > untouched.lastIndexOf('/') ? untouched.substring(0, colon) : untouched;
    }

    private static List<ObjectNode> containers(List<ObjectNode> manifests) {
        List<ObjectNode> containers = new ArrayList<>();
        for (ObjectNode manifest : manifests) {
            for (String path : POD_SPECS) {
                for (String list : List.of("initContainers", "containers")) {
                    for (JsonNode container : manifest.at(path).path(list)) {
                        containers.add((ObjectNode) container);
                    }
                }
            }
        }
        return containers;
    }
}

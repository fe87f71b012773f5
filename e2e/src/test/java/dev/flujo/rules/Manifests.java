package dev.flujo.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flujo.e2e.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects that {@code kubectl kustomize} makes of a directory of k8s/. */
record Manifests(List<JsonNode> objects) {

    /** The directories that a cluster may be given. */
    static final List<String> DIRECTORIES = List.of("base", "overlays/try-out");

    private static final YAMLMapper YAML = new YAMLMapper(new YAMLFactory());
    private static final Map<String, Manifests> RENDERED = new ConcurrentHashMap<>();

    Manifests {
        objects = List.copyOf(objects);
    }

    static Manifests of(String directory) {
        return RENDERED.computeIfAbsent(directory, Manifests::render);
    }

    /** What an overlay makes of the base with these components. */
    static Manifests with(String... components) {
        String name = String.join("-and-", components);
        try {
            Path overlay = Files.createDirectories(Path.of("target", name));
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    namespace: flujo
                    resources: [../../../k8s/base]
                    components: [%s]
                    """
                            .formatted(Stream.of(components)
                                    .map(component -> "../../../k8s/components/" + component)
                                    .collect(Collectors.joining(", "))));
            return of("../e2e/" + overlay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifests render(String directory) {
        Machine.needs(
                Machine.can("kubectl", "version", "--client"),
                "Expected kubectl 1.27 or newer, but there is none; install it (Debian 13: apt-get install kubectl).");
        String rendered = Machine.run(
                List.of(
                        "kubectl",
                        "kustomize",
                        Machine.checkout().resolve("k8s/" + directory).toString()),
                Map.of(),
                new byte[0]);
        try {
            return new Manifests(YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(rendered)
                    .readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> kind(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    /** What runs pods. */
    List<JsonNode> workloads() {
        return Stream.concat(kind("StatefulSet"), kind("Deployment")).toList();
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static JsonNode podLabels(JsonNode workload) {
        return workload.at("/spec/template/metadata/labels");
    }

    static Stream<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static Stream<JsonNode> containers(JsonNode workload) {
        return Stream.concat(
                items(pod(workload).path("containers")), items(pod(workload).path("initContainers")));
    }

    /** Whether a selector, as Services have it or as everything else has it, selects these labels. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        JsonNode exact = selector.has("matchLabels") || selector.has("matchExpressions") || selector.isEmpty()
                ? selector.path("matchLabels")
                : selector;
        boolean all = exact.properties().stream()
                .allMatch(pair -> labels.path(pair.getKey()).equals(pair.getValue()));
        return all
                && items(selector.path("matchExpressions"))
                        .allMatch(expression ->
                                expression.path("operator").asText().equals("NotIn")
                                        != items(expression.path("values"))
                                                .anyMatch(labels.path(
                                                        expression.path("key").asText())::equals));
    }
}

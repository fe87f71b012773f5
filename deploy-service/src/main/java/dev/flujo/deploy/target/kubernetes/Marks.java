package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.Work;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What Flujo writes on every object: the recommended labels, and whose deployment has written it, under which fence, and
 * what was wanted of it then.
 */
record Marks(UUID deployment, long fence, String wanted) {

    /** Who applies, as the API server keeps account of it. */
    static final String MANAGER = "flujo";

    /** The label that all objects of an environment carry. */
    static final String ENVIRONMENT = "flujo.dev/environment";

    /** The label of pods that tells versions apart. */
    static final String VERSION = "flujo.dev/version";

    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String DEPLOYMENT = "flujo.dev/deploy-id";
    static final String FENCE = "flujo.dev/fence";
    static final String WANTED = "flujo.dev/wanted";

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final int SHORT = 12;
    private static final int WORD = 8;

    /** The marks on a live object, if Flujo has written it. */
    static Optional<Marks> of(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        if (annotations == null || !annotations.containsKey(DEPLOYMENT) || !annotations.containsKey(FENCE)) {
            return Optional.empty();
        }
        return Optional.of(new Marks(
                UUID.fromString(annotations.get(DEPLOYMENT)),
                Long.parseLong(annotations.get(FENCE)),
                annotations.getOrDefault(WANTED, "")));
    }

    /** What an environment's label says on a live object. */
    static Optional<String> environment(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels()).map(labels -> labels.get(ENVIRONMENT));
    }

    /** The short word for a version, in labels and names. */
    static String word(UUID deployment) {
        return deployment.toString().substring(0, WORD);
    }

    /** Writes what is the same for all releases of the environment, and what tells where this one comes from. */
    static void describe(ObjectNode manifest, Place place, Work work) {
        ObjectNode labels = manifest.withObject("/metadata/labels");
        labels.put(MANAGED_BY, MANAGER);
        labels.put(ENVIRONMENT, place.label());
        unlessThere(
                labels, "app.kubernetes.io/name", manifest.at("/metadata/name").asText());
        unlessThere(labels, "app.kubernetes.io/instance", place.label());
        unlessThere(labels, "app.kubernetes.io/part-of", place.environment().project());
        ObjectNode annotations = manifest.withObject("/metadata/annotations");
        annotations.put("flujo.dev/run-id", work.attempt().run().toString());
        annotations.put(
                "kubernetes.io/change-cause", "Flujo run " + work.attempt().run() + " by " + work.by());
        work.revision().commit().ifPresent(commit -> {
            annotations.put("flujo.dev/commit", commit);
            unlessThere(labels, "app.kubernetes.io/version", commit.substring(0, Math.min(SHORT, commit.length())));
        });
    }

    /** Writes whose this is. */
    void write(ObjectNode manifest) {
        ObjectNode annotations = manifest.withObject("/metadata/annotations");
        annotations.put(DEPLOYMENT, deployment.toString());
        annotations.put(FENCE, Long.toString(fence));
        annotations.put(WANTED, wanted);
    }

    private static void unlessThere(ObjectNode labels, String name, String value) {
        if (!labels.has(name) && VALUE.matcher(value).matches()) {
            labels.put(name, value);
        }
    }
}

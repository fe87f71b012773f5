package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * How pods come to the settings and secrets of their environment: as files of one volume, which the kubelet replaces at once when
 * the objects change.
 *
 * @param object the name of the ConfigMap and of the Secret
 * @param mark what pods are marked with that are to be replaced when it is another one
 */
record PodConfig(String object, Optional<String> mark) {

    /** The annotation of pods with the mark. */
    static final String ANNOTATION = "flujo.dev/config";

    private static final String VARIABLE = "FLUJO_CONFIG";
    private static final String VOLUME = "flujo-config";
    private static final String DIRECTORY = "/run/flujo/config";

    /** Adds volume and variable to a workload, where its pods are described. */
    void into(Kind kind, ObjectNode workload) {
        String template = kind == Kind.CRON_JOB ? "/spec/jobTemplate/spec/template" : "/spec/template";
        ObjectNode pod = workload.withObject(template + "/spec");
        ArrayNode sources =
                pod.withArray("volumes").addObject().put("name", VOLUME).withArray("/projected/sources");
        for (String source : List.of("configMap", "secret")) {
            sources.addObject().putObject(source).put("name", object).put("optional", true);
        }
        for (String containers : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.path(containers)) {
                ObjectNode given = (ObjectNode) container;
                given.withArray("env").addObject().put("name", VARIABLE).put("value", DIRECTORY);
                given.withArray("volumeMounts")
                        .addObject()
                        .put("name", VOLUME)
                        .put("mountPath", DIRECTORY)
                        .put("readOnly", true);
            }
        }
        mark.filter(unused -> kind.rollsOut())
                .ifPresent(value ->
                        workload.withObject(template + "/metadata/annotations").put(ANNOTATION, value));
    }
}

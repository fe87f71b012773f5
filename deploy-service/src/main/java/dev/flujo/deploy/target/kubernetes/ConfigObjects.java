package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.config.Config;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The settings and secrets of an environment as a ConfigMap and a Secret of its namespace. They keep their names, so that pods that
 * run see what is new in them; the secret is written and never read.
 */
final class ConfigObjects {

    private static final Logger LOG = Logger.getLogger(ConfigObjects.class);

    private final Cluster cluster;
    private final Place place;

    ConfigObjects(Cluster cluster, Place place) {
        this.cluster = cluster;
        this.place = place;
    }

    /** Writes what is given from now on; the mark last, which says that all of it is there. */
    void put(Config config) throws Stale, Refused, IOException {
        if (mark().equals(Optional.of(config.mark()))) {
            return;
        }
        if (config.hasSecrets()) {
            Map<String, String> data = new TreeMap<>();
            config.secrets()
                    .forEach((name, value) ->
                            data.put(name, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
            var secret = new SecretBuilder()
                    .withMetadata(metadata(config))
                    .withType("Opaque")
                    .withData(data)
                    .build();
            cluster.write("the secrets of " + place.environment(), () -> cluster.client()
                    .secrets()
                    .inNamespace(place.namespace())
                    .resource(secret)
                    .patch(Cluster.APPLY));
        }
        var map = new ConfigMapBuilder()
                .withMetadata(metadata(config))
                .withData(config.settings())
                .build();
        cluster.write("the settings of " + place.environment(), () -> cluster.client()
                .configMaps()
                .inNamespace(place.namespace())
                .resource(map)
                .patch(Cluster.APPLY));
    }

    /** What was written last, if anything was. */
    Optional<String> mark() throws IOException {
        Optional<ConfigMap> written = cluster.read(() -> cluster.client()
                .configMaps()
                .inNamespace(place.namespace())
                .withName(place.configName())
                .get());
        return written.map(map -> map.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(PodConfig.ANNOTATION));
    }

    /** Deletes both; the settings last, which say that there may be secrets. */
    void remove() throws Stale, Refused, IOException {
        if (mark().isEmpty()) {
            return;
        }
        removeSecrets();
        cluster.write("the end of the settings of " + place.environment(), () -> cluster.client()
                .configMaps()
                .inNamespace(place.namespace())
                .withName(place.configName())
                .delete());
    }

    /** Who may not delete them empties them; who may not do that either has never written any. */
    private void removeSecrets() throws Stale, IOException {
        try {
            cluster.write("the end of the secrets of " + place.environment(), () -> cluster.client()
                    .secrets()
                    .inNamespace(place.namespace())
                    .withName(place.configName())
                    .delete());
        } catch (Refused e) {
            LOG.warnf("%s; they are emptied, if there are any", e.getMessage());
            emptySecrets();
        }
    }

    private void emptySecrets() throws Stale, IOException {
        var secret = new SecretBuilder()
                .withNewMetadata()
                .withName(place.configName())
                .withNamespace(place.namespace())
                .endMetadata()
                .withType("Opaque")
                .build();
        try {
            cluster.write("the end of the secrets of " + place.environment(), () -> cluster.client()
                    .secrets()
                    .inNamespace(place.namespace())
                    .resource(secret)
                    .patch(Cluster.APPLY));
        } catch (Refused e) {
            LOG.debugf("there are none: %s", e.getMessage());
        }
    }

    private ObjectMeta metadata(Config config) {
        return new ObjectMetaBuilder()
                .withName(place.configName())
                .withNamespace(place.namespace())
                .withLabels(Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.ENVIRONMENT, place.label()))
                .withAnnotations(Map.of(PodConfig.ANNOTATION, config.mark()))
                .build();
    }
}

package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flujo.event.EventCodec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The inventories of environments, and the releases that they speak of, as config maps in the environments' namespaces. */
final class InventoryStore {

    private static final ObjectMapper JSON = new EventCodec().mapper();
    private static final String INVENTORY = "inventory";
    private static final String RELEASE = "release";

    private final Cluster cluster;
    private final Place place;

    InventoryStore(Cluster cluster, Place place) {
        this.cluster = cluster;
        this.place = place;
    }

    /** An inventory as it was read; it is replaced only while it is still that. */
    record Known(Inventory inventory, Optional<String> version) {}

    Known read() throws IOException {
        Optional<ConfigMap> stored = map(place.inventoryName());
        if (stored.isEmpty()) {
            return new Known(Inventory.NONE, Optional.empty());
        }
        return known(stored.get());
    }

    /** @throws Stale if the inventory is not the known one any more */
    Known replace(Known known, Inventory next) throws Stale, Refused, IOException {
        ConfigMap map = new ConfigMapBuilder(named(place.inventoryName()))
                .editMetadata()
                .withResourceVersion(known.version().orElse(null))
                .endMetadata()
                .addToData(INVENTORY, json(next))
                .build();
        var resource =
                cluster.client().configMaps().inNamespace(place.namespace()).resource(map);
        return known(cluster.write(
                "the inventory of " + place.environment(),
                known.version().isPresent() ? resource::update : resource::create));
    }

    /** Keeps a release; nothing happens where one of the same deployment is kept. */
    void keep(Marks marks, Release release) throws Stale, Refused, IOException {
        ConfigMap map = new ConfigMapBuilder(named(key(marks.deployment()).name()))
                .editMetadata()
                .addToAnnotations(Marks.DEPLOYMENT, marks.deployment().toString())
                .addToAnnotations(Marks.FENCE, Long.toString(marks.fence()))
                .endMetadata()
                .withImmutable(true)
                .addToBinaryData(RELEASE, Base64.getEncoder().encodeToString(release.packed()))
                .build();
        if (map(key(marks.deployment()).name()).isEmpty()) {
            cluster.write("the release", () -> cluster.client()
                    .configMaps()
                    .inNamespace(place.namespace())
                    .resource(map)
                    .create());
        }
    }

    /** The release of a version of which something is wanted. */
    Optional<Release> kept(UUID deployment) throws IOException {
        Optional<ConfigMap> stored = map(key(deployment).name());
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(Release.unpacked(
                        Base64.getDecoder().decode(stored.get().getBinaryData().get(RELEASE))));
    }

    /** Where the release of a deployment is kept. */
    ObjectKey key(UUID deployment) {
        return new ObjectKey(Kind.CONFIG_MAP, place.inventoryName() + "." + deployment);
    }

    private Optional<ConfigMap> map(String name) throws IOException {
        return cluster.read(() -> cluster.client()
                .configMaps()
                .inNamespace(place.namespace())
                .withName(name)
                .get());
    }

    private ConfigMap named(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(place.namespace())
                .withLabels(Map.of(Marks.MANAGED_BY, Marks.MANAGER, Marks.ENVIRONMENT, place.label()))
                .endMetadata()
                .build();
    }

    private static Known known(ConfigMap map) throws IOException {
        return new Known(
                JSON.readValue(map.getData().get(INVENTORY), Inventory.class),
                Optional.of(map.getMetadata().getResourceVersion()));
    }

    private static String json(Inventory inventory) {
        try {
            return JSON.writeValueAsString(inventory);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}

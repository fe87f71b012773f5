package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.event.DriftEvent.Difference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Objects that were applied, compared with those that are there, by asking the cluster what applying them again would do. */
record Applied(Cluster cluster, Place place, Marks marks, SortedMap<ObjectKey, ObjectNode> objects) {

    /** In what they are not as they were applied; what something newer has written is not looked at. */
    List<Difference> differences() throws Stale, Refused, IOException {
        List<Difference> differences = new ArrayList<>();
        for (Map.Entry<ObjectKey, ObjectNode> object : objects.entrySet()) {
            ObjectKey key = object.getKey();
            Optional<GenericKubernetesResource> live = cluster.get(place.namespace(), key);
            if (live.isEmpty()) {
                differences.add(new Difference(
                        key.toString(), "metadata.name", Optional.of(key.name()), Optional.empty(), Optional.empty()));
            } else if (isOurs(live.get())) {
                GenericKubernetesResource again =
                        cluster.wouldBe(place.namespace(), key, marked(object.getValue(), live.get()));
                differences.addAll(Differences.of(key, cluster.json(live.get()), cluster.json(again)));
            }
        }
        return differences;
    }

    /** Applies again what is not as it was applied. */
    void again() throws Stale, Refused, IOException {
        for (Map.Entry<ObjectKey, ObjectNode> object : objects.entrySet()) {
            ObjectKey key = object.getKey();
            Optional<GenericKubernetesResource> live = cluster.get(place.namespace(), key);
            if (live.isEmpty()) {
                ObjectNode marked = object.getValue().deepCopy();
                marks.write(marked);
                cluster.create(place.namespace(), key, marked);
            } else if (isOurs(live.get())) {
                cluster.apply(place.namespace(), key, marked(object.getValue(), live.get()), live.get());
            }
        }
    }

    private boolean isOurs(GenericKubernetesResource live) {
        return Marks.of(live).filter(theirs -> theirs.fence() > marks.fence()).isEmpty();
    }

    /** With the marks that are there, if they are this deployment's: what was wanted of an object is no drift. */
    private ObjectNode marked(ObjectNode manifest, GenericKubernetesResource live) {
        ObjectNode marked = manifest.deepCopy();
        Marks.of(live)
                .filter(theirs -> theirs.deployment().equals(marks.deployment()))
                .orElse(marks)
                .write(marked);
        return marked;
    }
}

package dev.flujo.deploy.target.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flujo.kit.process.Failpoint;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/** Brings the objects of an environment to what a release says, each at most once, and never over something newer. */
final class Applier {

    private final Cluster cluster;
    private final Place place;
    private final Failpoint failpoint;

    Applier(Cluster cluster, Place place, Failpoint failpoint) {
        this.cluster = cluster;
        this.place = place;
        this.failpoint = failpoint;
    }

    /** Applies every object that does not carry these marks yet. */
    void apply(SortedMap<ObjectKey, ObjectNode> objects, Marks marks) throws Stale, Refused, IOException {
        for (Map.Entry<ObjectKey, ObjectNode> object : objects.entrySet()) {
            apply(object.getKey(), object.getValue(), marks);
            failpoint.pass("kubernetes.mid-apply");
        }
    }

    /** Deletes these objects where the deployment is the last that has written them. */
    void prune(Collection<ObjectKey> keys, UUID deployment) throws Stale, Refused, IOException {
        for (ObjectKey key : keys) {
            if (key.kind().holdsData()) {
                continue;
            }
            Optional<GenericKubernetesResource> live = cluster.get(place.namespace(), key);
            if (live.flatMap(Marks::of)
                    .filter(marks -> marks.deployment().equals(deployment))
                    .isPresent()) {
                cluster.delete(place.namespace(), key, live.get());
            }
        }
    }

    private void apply(ObjectKey key, ObjectNode manifest, Marks marks) throws Stale, Refused, IOException {
        ObjectNode marked = manifest.deepCopy();
        marks.write(marked);
        Optional<GenericKubernetesResource> live = cluster.get(place.namespace(), key);
        if (live.isEmpty()) {
            cluster.create(place.namespace(), key, marked);
            return;
        }
        checkOwner(key, live.get());
        Optional<Marks> theirs = Marks.of(live.get());
        if (theirs.equals(Optional.of(marks))) {
            cluster.own(place.namespace(), key, marked, live.get());
            return;
        }
        if (theirs.isPresent() && theirs.get().fence() > marks.fence()) {
            throw new Refused("Expected to apply " + key + ", but the newer deployment "
                    + theirs.get().deployment() + " has it already.");
        }
        cluster.apply(place.namespace(), key, marked, live.get());
    }

    private void checkOwner(ObjectKey key, GenericKubernetesResource live) throws Refused {
        Optional<String> environment = Marks.environment(live);
        Map<String, String> labels = live.getMetadata().getLabels();
        boolean handedOver = labels != null && Marks.MANAGER.equals(labels.get(Marks.MANAGED_BY));
        if (environment.isPresent() && !environment.get().equals(place.label())) {
            throw new Refused("Expected " + key + " to belong to this environment, but it belongs to "
                    + environment.get() + "; give one of them another name or namespace.");
        }
        if (!handedOver) {
            throw new Refused("Expected " + key + " to be Flujo's or not to be there, but somebody else has made it; "
                    + "to hand it over, give it the label " + Marks.MANAGED_BY + ": " + Marks.MANAGER + ".");
        }
    }
}

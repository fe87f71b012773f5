package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.target.kubernetes.Inventory.Wanted;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.blob.BlobStore;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Applications as objects of Kubernetes clusters, each environment in one namespace that knows itself what is in it. */
public final class KubernetesTarget implements Target, AutoCloseable {

    private final Clusters clusters;
    private final Places places;
    private final ReleaseReader reader;
    private final Failpoint failpoint;
    private final Patience patience;

    /** For what is asked again soon anyway. */
    private final Patience once = new Patience(Duration.ZERO);

    private final Sight sight = new Sight();

    public KubernetesTarget(KubernetesConfig config, Path root, BlobStore blobs, Failpoint failpoint) {
        this.clusters = new Clusters(config);
        this.places = new Places(root);
        this.reader = new ReleaseReader(blobs);
        this.failpoint = failpoint;
        this.patience = new Patience(config.outage());
    }

    @Override
    public void scale(Version version, int replicas) throws IOException {
        Place place = place(version);
        places.note(place);
        patience.with(() -> {
            objects(place).scale(version, replicas);
            return replicas;
        });
        sight.forget(version.deployment());
    }

    @Override
    public Condition condition(Version version) throws IOException {
        Place place = place(version);
        return patience.with(() -> {
            Cluster cluster = cluster(place);
            return sight.condition(cluster, place, version, objects(place));
        });
    }

    @Override
    public void route(Environment environment, List<Share> shares) throws IOException {
        Optional<Place> place = places.place(environment);
        if (place.isPresent()) {
            patience.with(() -> {
                objects(place.get()).route(shares);
                return shares;
            });
        }
    }

    @Override
    public String preview(Version version) throws IOException {
        Place place = place(version);
        return patience.with(() -> objects(place)
                .arrangement(version)
                .preview(place)
                .orElseThrow(
                        () -> new Refused("Expected a service in the release, but there is none to look through")));
    }

    @Override
    public URI replica(Version version) throws IOException {
        Place place = place(version);
        return patience.with(() -> new Replicas(cluster(place), place.namespace())
                .ready(objects(place).inventory().version(version.deployment()))
                .orElseThrow(() ->
                        new Refused("Expected a ready replica of " + version.deployment() + ", but there is none")));
    }

    /** Empty: users do not come through Flujo. */
    @Override
    public Optional<Requests> requests(Version version) {
        return Optional.empty();
    }

    @Override
    public Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException {
        return patience.with(() -> objects(place(version)).promote(version, since, previous));
    }

    @Override
    public Optional<Serving> serving(Environment environment) throws IOException {
        Optional<Place> place = places.place(environment);
        return place.isEmpty()
                ? Optional.empty()
                : patience.with(() -> objects(place.get()).inventory().promoted());
    }

    @Override
    public boolean live(Environment environment) throws IOException {
        Optional<Place> place = places.place(environment);
        if (place.isEmpty()) {
            return false;
        }
        return patience.with(() -> {
            Inventory inventory = objects(place.get()).inventory();
            Optional<Wanted> serving =
                    inventory.promoted().flatMap(promoted -> inventory.version(promoted.deployment()));
            Workloads workloads =
                    new Workloads(cluster(place.get()), place.get().namespace());
            for (ObjectKey key : serving.map(Wanted::objects).orElse(List.of())) {
                if (key.kind().rollsOut()
                        && workloads
                                .look(key)
                                .filter(seen -> seen.available() > 0)
                                .isPresent()) {
                    return true;
                }
            }
            return false;
        });
    }

    @Override
    public boolean rolls(Version version) {
        return true;
    }

    /** Whether the environment is on a cluster. */
    public boolean has(Environment environment) throws IOException {
        return places.place(environment).isPresent();
    }

    @Override
    public List<Difference> drift(Version version) throws IOException {
        Optional<Place> place = places.place(version.environment());
        return place.isEmpty()
                ? List.of()
                : once.with(() -> objects(place.get()).drift(version));
    }

    @Override
    public void heal(Version version) throws IOException {
        Optional<Place> place = places.place(version.environment());
        if (place.isPresent()) {
            once.with(() -> {
                objects(place.get()).heal(version);
                return version;
            });
        }
    }

    @Override
    public void give(Version version, Config config) throws IOException {
        Place place = place(version);
        patience.with(() -> {
            objects(place).give(config);
            return config;
        });
    }

    /** Always false: the controllers of the cluster replace the pods. */
    @Override
    public boolean renew(Version version) throws IOException {
        Place place = place(version);
        patience.with(() -> {
            objects(place).renew(version);
            return version;
        });
        sight.forget(version.deployment());
        return false;
    }

    @Override
    public void remove(Environment environment, long fence) throws IOException {
        Optional<Place> place = places.place(environment);
        if (place.isPresent()) {
            patience.with(() -> {
                objects(place.get()).remove(fence);
                return fence;
            });
            places.forget(environment);
        }
    }

    /** Its controllers keep a cluster as it is wanted; only what nobody asks about any more is let go. */
    @Override
    public void tend() {
        sight.forgetOld();
    }

    @Override
    public void close() {
        sight.close();
        clusters.close();
    }

    private EnvironmentObjects objects(Place place) throws Refused, IOException {
        return new EnvironmentObjects(cluster(place), place, reader, failpoint);
    }

    private Cluster cluster(Place place) throws Refused, IOException {
        return clusters.cluster(place.cluster());
    }

    private Place place(Version version) {
        Deploy.Kubernetes wanted =
                version.work().job().deploy().flatMap(Deploy::kubernetes).orElseThrow();
        return new Place(
                version.environment(),
                clusters.name(wanted.cluster()),
                wanted.namespace().orElse(Place.defaultNamespace(version.environment())));
    }
}

package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.Waves;
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
import org.jboss.logging.Logger;

/** Applications as objects of Kubernetes clusters, each environment in one namespace that knows itself what is in it. */
public final class KubernetesTarget implements Target, AutoCloseable {

    private static final Logger LOG = Logger.getLogger(KubernetesTarget.class);

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
        if (replicas == 0 && clusters.unknown(place.cluster()).isPresent()) {
            LOG.warnf("ends nothing of %s in %s: that cluster is not known any more", version.deployment(), place);
            return;
        }
        patience.with(() -> {
            objects(place).scale(version, replicas);
            return replicas;
        });
        sight.forget(version.deployment(), place);
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
    public Optional<Site> site(Version version) {
        Deploy.Kubernetes wanted =
                version.work().job().deploy().flatMap(Deploy::kubernetes).orElseThrow();
        return Optional.of(new Site(
                clusters.name(wanted.cluster()),
                wanted.namespace().orElse(Place.defaultNamespace(version.environment()))));
    }

    @Override
    public Optional<String> refusal(Version version) throws IOException {
        for (Site site : sites(version)) {
            Optional<String> unknown = clusters.unknown(site.cluster());
            if (unknown.isPresent()) {
                return unknown;
            }
        }
        return Optional.empty();
    }

    @Override
    public void route(Version at, List<Share> shares) throws IOException {
        Place place = place(at);
        patience.with(() -> {
            objects(place).route(shares);
            return shares;
        });
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
        Serving serving = patience.with(() -> objects(place(version)).promote(version, since, previous));
        places.note(
                version.environment(),
                sites(version).stream().map(site -> place(version, site)).toList());
        return serving;
    }

    @Override
    public Optional<Serving> serving(Environment environment) throws IOException {
        List<Place> known = places.places(environment);
        return known.isEmpty()
                ? Optional.empty()
                : patience.with(() -> objects(known.get(0)).inventory().promoted());
    }

    @Override
    public boolean live(Environment environment) throws IOException {
        List<Place> known = places.places(environment);
        for (Place place : known) {
            if (!patience.with(() -> live(place))) {
                return false;
            }
        }
        return !known.isEmpty();
    }

    private boolean live(Place place) throws Refused, IOException {
        Inventory inventory = objects(place).inventory();
        Optional<Wanted> serving = inventory.promoted().flatMap(promoted -> inventory.version(promoted.deployment()));
        Workloads workloads = new Workloads(cluster(place), place.namespace());
        for (ObjectKey key : serving.map(Wanted::objects).orElse(List.of())) {
            if (key.kind().rollsOut()
                    && workloads.look(key).filter(seen -> seen.available() > 0).isPresent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean rolls(Version version) {
        return true;
    }

    /** Whether the environment is on a cluster. */
    public boolean has(Environment environment) throws IOException {
        return !places.places(environment).isEmpty();
    }

    @Override
    public List<Difference> drift(Version version) throws IOException {
        return once.with(() -> objects(place(version)).drift(version));
    }

    @Override
    public void heal(Version version) throws IOException {
        once.with(() -> {
            objects(place(version)).heal(version);
            return version;
        });
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
        sight.forget(version.deployment(), place);
        return false;
    }

    @Override
    public void remove(Environment environment, long fence) throws IOException {
        for (Place place : places.places(environment)) {
            // A cluster whose kubeconfig is gone keeps nobody from ending what is elsewhere.
            if (clusters.unknown(place.cluster()).isEmpty()) {
                patience.with(() -> {
                    objects(place).remove(fence);
                    return fence;
                });
            }
        }
        places.forget(environment);
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

    /** All sites that a version comes to. */
    private List<Site> sites(Version version) {
        return Waves.of(
                        version.work().job().deploy().orElseThrow(),
                        site(version).orElseThrow())
                .sites();
    }

    private Place place(Version version) {
        return place(version, version.site().or(() -> site(version)).orElseThrow());
    }

    private static Place place(Version version, Site site) {
        return new Place(version.environment(), site.cluster(), site.namespace());
    }
}

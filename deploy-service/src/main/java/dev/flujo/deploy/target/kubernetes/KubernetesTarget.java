package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Failpoint;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.target.kubernetes.Inventory.Live;
import dev.flujo.event.Work;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Applications as objects of Kubernetes clusters, each environment in one namespace that knows itself what is in it. */
public final class KubernetesTarget implements Target, AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final KubernetesConfig config;
    private final Clusters clusters;
    private final Places places;
    private final ReleaseReader reader;
    private final Failpoint failpoint;
    private final Map<String, Lock> environments = new ConcurrentHashMap<>();

    public KubernetesTarget(KubernetesConfig config, Path root, BlobStore blobs, Failpoint failpoint) {
        this.config = config;
        this.clusters = new Clusters(config);
        this.places = new Places(root);
        this.reader = new ReleaseReader(blobs);
        this.failpoint = failpoint;
    }

    @Override
    public Serving apply(Application application) throws NotApplied, IOException, InterruptedException {
        Work work = application.work();
        Place place = place(work);
        Lock lock = environments.computeIfAbsent(place.label(), unused -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            places.note(place);
            return apply(application, place);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Serving> serving(String project, String environment) throws IOException {
        Optional<Place> place = places.place(project, environment);
        return place.isEmpty() ? Optional.empty() : live(place.get()).map(Live::serving);
    }

    @Override
    public boolean live(String project, String environment) throws IOException {
        Optional<Place> place = places.place(project, environment);
        Optional<Live> live = place.isEmpty() ? Optional.empty() : live(place.get());
        if (live.isEmpty()) {
            return false;
        }
        Workloads workloads = new Workloads(known(place.get()), place.get().namespace());
        for (ObjectKey key : live.get().objects()) {
            if (key.kind().rollsOut()
                    && workloads.look(key).filter(seen -> seen.available() > 0).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Whether the environment was deployed to a cluster. */
    public boolean has(String project, String environment) throws IOException {
        return places.place(project, environment).isPresent();
    }

    @Override
    public void close() {
        clusters.close();
    }

    /** Asks and acts until the end is known; trouble of the cluster is sat out for as long as is configured. */
    private Serving apply(Application application, Place place) throws NotApplied, IOException, InterruptedException {
        Instant giveBack = Instant.now().plus(config.outage());
        while (true) {
            try {
                return new Rollout(clusters.cluster(place.cluster()), place, application, reader, failpoint).carryOut();
            } catch (Refused e) {
                throw new NotApplied(e.getMessage(), Instant.now());
            } catch (Stale e) {
                giveBack = Instant.now().plus(config.outage());
            } catch (IOException e) {
                if (Instant.now().isAfter(giveBack)) {
                    throw e;
                }
                application.progress().accept("looks again: " + e.getMessage());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }

    private Place place(Work work) throws NotApplied {
        Deploy deploy = work.job().deploy().orElseThrow();
        Deploy.Kubernetes wanted = deploy.kubernetes().orElseThrow();
        try {
            return new Place(
                    work.project(),
                    deploy.environment(),
                    clusters.name(wanted.cluster()),
                    wanted.namespace().orElse(Place.defaultNamespace(work.project(), deploy.environment())));
        } catch (IllegalArgumentException e) {
            throw new NotApplied(e.getMessage(), Instant.now());
        }
    }

    private Optional<Live> live(Place place) throws IOException {
        return new InventoryStore(known(place), place).read().inventory().live();
    }

    private Cluster known(Place place) throws IOException {
        try {
            return clusters.cluster(place.cluster());
        } catch (Refused e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}

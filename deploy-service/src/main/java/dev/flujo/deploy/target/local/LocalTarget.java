package dev.flujo.deploy.target.local;

import dev.flujo.deploy.DeployConfig;
import dev.flujo.deploy.Environment;
import dev.flujo.deploy.Site;
import dev.flujo.deploy.Target;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.proxy.Count;
import dev.flujo.deploy.proxy.Route;
import dev.flujo.deploy.target.local.EnvironmentDirectory.Promoted;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.Work;
import dev.flujo.kit.blob.BlobStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Applications as processes of this machine, each environment behind addresses of a proxy that is one, too. */
public final class LocalTarget implements Target {

    private final Path root;
    private final BlobStore blobs;
    private final ProxyProcess proxy;
    private final Doors doors;
    private final Drains drains;
    private final Starts starts;
    private final HealthProbe probe = new HealthProbe();
    private final Map<EnvironmentDirectory, Object> locks = new ConcurrentHashMap<>();

    public LocalTarget(DeployConfig config, BlobStore blobs) throws IOException {
        this.root = config.directory().toAbsolutePath();
        this.blobs = blobs;
        this.proxy = new ProxyProcess(config);
        this.doors = new Doors(root, config.proxy());
        this.drains = new Drains(config.drain());
        this.starts = new Starts(root, drains);
    }

    @Override
    public void scale(Version version, int replicas) throws IOException {
        EnvironmentDirectory environment = directory(version.environment());
        Release release = environment.release(version.deployment());
        if (replicas == 0 && !Files.isDirectory(release.directory())) {
            return;
        }
        if (replicas > 0) {
            doors.open(environment.front());
            release.unpack(version.work(), blobs);
        }
        synchronized (lock(environment)) {
            release.want(replicas);
            for (Replica replica : release.replicas()) {
                starts.start(environment, version.work(), release, replica);
            }
            drain(environment, release);
        }
    }

    @Override
    public Condition condition(Version version) throws IOException {
        Release release = directory(version.environment()).release(version.deployment());
        List<Replica> replicas = release.replicas();
        String path = version.work().job().deploy().orElseThrow().health().path();
        List<Boolean> passing = probe.passing(replicas, path);
        int ready = 0;
        Optional<String> broken = Optional.empty();
        String lastWords = "none";
        for (int i = 0; i < replicas.size(); i++) {
            Replica replica = replicas.get(i);
            boolean started = replica.directory().started();
            boolean alive = replica.directory().process().isPresent();
            if (passing.get(i) && alive) {
                replica.noteReady();
                ready++;
                continue;
            }
            lastWords = replica.directory().lastWords();
            if (started && !alive) {
                broken = Optional.of("the command ended"
                        + (replica.wasReady() ? "" : " before the health check passed") + "; its last words: "
                        + lastWords);
            }
        }
        return new Condition(replicas.size(), ready, broken, lastWords);
    }

    @Override
    public Optional<Site> site(Version version) {
        return Optional.empty();
    }

    @Override
    public Optional<String> refusal(Version version) {
        return Optional.empty();
    }

    @Override
    public void route(Version at, List<Share> shares) throws IOException {
        EnvironmentDirectory directory = directory(at.environment());
        doors.open(directory.front());
        synchronized (lock(directory)) {
            List<Route> routes = new ArrayList<>();
            for (Share share : shares) {
                routes.add(ready(directory.release(share.deployment()), share.weight()));
            }
            directory.front().routes(routes);
        }
        if (!shares.isEmpty()) {
            doors.reachable(directory.front());
        }
    }

    @Override
    public String preview(Version version) throws IOException {
        EnvironmentDirectory environment = directory(version.environment());
        synchronized (lock(environment)) {
            environment.preview().routes(List.of(ready(environment.release(version.deployment()), 1)));
        }
        return doors.reachable(environment.preview());
    }

    @Override
    public URI replica(Version version) throws IOException {
        Route ready = ready(directory(version.environment()).release(version.deployment()), 1);
        if (ready.ports().isEmpty()) {
            throw new IOException("Expected a ready replica of " + version.deployment() + ", but there is none");
        }
        return URI.create("http://127.0.0.1:" + ready.ports().get(0));
    }

    @Override
    public Optional<Requests> requests(Version version) throws IOException {
        List<Count> counts = directory(version.environment()).front().counts().stream()
                .filter(count -> count.deployment().equals(version.deployment().toString()))
                .toList();
        return Optional.of(new Requests(
                counts.stream().mapToLong(count -> count.all() - count.open()).sum(),
                counts.stream().mapToLong(Count::failed).sum()));
    }

    @Override
    public Serving promote(Version version, Instant since, Optional<UUID> previous) throws IOException {
        EnvironmentDirectory environment = directory(version.environment());
        environment.release(version.deployment()).noteServed();
        Promoted promoted = new Promoted(version.deployment(), since, previous);
        environment.promote(promoted);
        return promoted.serving(doors.open(environment.front()));
    }

    @Override
    public Optional<Serving> serving(Environment environment) throws IOException {
        EnvironmentDirectory directory = directory(environment);
        Optional<Promoted> promoted = directory.promoted();
        return promoted.isEmpty()
                ? Optional.empty()
                : Optional.of(promoted.get().serving(doors.open(directory.front())));
    }

    @Override
    public boolean live(Environment environment) throws IOException {
        EnvironmentDirectory directory = directory(environment);
        Optional<Promoted> promoted = directory.promoted();
        if (promoted.isPresent()) {
            for (Replica replica :
                    directory.release(promoted.get().deployment()).replicas()) {
                if (replica.directory().process().isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean rolls(Version version) {
        return false;
    }

    /** Nothing: a process has no fields, its files are known by their digests, and one that ends is started again. */
    @Override
    public List<Difference> drift(Version version) {
        return List.of();
    }

    /** Nothing to do: {@link #tend} does it all the time. */
    @Override
    public void heal(Version version) {}

    @Override
    public void give(Version version, Config config) throws IOException {
        EnvironmentDirectory environment = directory(version.environment());
        synchronized (lock(environment)) {
            environment.config().put(config);
        }
    }

    @Override
    public boolean renew(Version version) throws IOException {
        EnvironmentDirectory environment = directory(version.environment());
        Release release = environment.release(version.deployment());
        Optional<String> mark = environment.config().mark();
        for (Replica replica : release.replicas()) {
            if (mark.isPresent()
                    && replica.directory().claimed()
                    && !replica.config().equals(mark)) {
                renew(environment, version.work(), release, replica);
                return true;
            }
        }
        return false;
    }

    /** Nothing ends a replica or starts it in between. */
    private void renew(EnvironmentDirectory environment, Work work, Release release, Replica replica)
            throws IOException {
        int port = replica.port();
        synchronized (lock(environment)) {
            for (Door door : environment.doors()) {
                door.leaveOut(Set.of(port));
            }
        }
        drains.await(replica, () -> open(environment, port));
        synchronized (lock(environment)) {
            replica.end();
            starts.start(environment, work, release, replica);
        }
    }

    @Override
    public void remove(Environment environment, long fence) throws IOException {
        EnvironmentDirectory directory = directory(environment);
        new Removal(directory, doors).go(() -> {
            synchronized (lock(directory)) {
                for (Release release : directory.releases()) {
                    release.want(0);
                    drain(directory, release);
                }
            }
        });
    }

    @Override
    public void tend() throws IOException {
        proxy.ensure();
        for (EnvironmentDirectory environment : EnvironmentDirectory.all(root)) {
            synchronized (lock(environment)) {
                tend(environment);
            }
        }
    }

    private void tend(EnvironmentDirectory environment) throws IOException {
        Optional<Promoted> promoted = environment.promoted();
        if (promoted.isPresent()) {
            for (Replica replica :
                    environment.release(promoted.get().deployment()).replicas()) {
                starts.startDeadAgain(environment, replica);
            }
        }
        for (Release release : environment.releases()) {
            drain(environment, release);
        }
    }

    /** What is wanted of an environment's replicas, and who gets requests, changes in one place at a time. */
    private Object lock(EnvironmentDirectory environment) {
        return locks.computeIfAbsent(environment, unused -> new Object());
    }

    /** Takes what is not wanted any more out of the traffic, and ends it when it is idle. */
    private void drain(EnvironmentDirectory environment, Release release) throws IOException {
        List<Replica> surplus = release.surplus();
        if (surplus.isEmpty()) {
            return;
        }
        Set<Integer> ports = new HashSet<>();
        for (Replica replica : surplus) {
            ports.add(replica.port());
        }
        for (Door door : environment.doors()) {
            door.leaveOut(ports);
        }
        for (Replica replica : surplus) {
            int port = replica.port();
            drains.begin(replica, () -> open(environment, port));
        }
    }

    private static long open(EnvironmentDirectory environment, int port) throws IOException {
        long open = 0;
        for (Door door : environment.doors()) {
            open += door.counts().stream()
                    .filter(count -> count.port() == port)
                    .mapToLong(Count::open)
                    .sum();
        }
        return open;
    }

    private static Route ready(Release release, int weight) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (Replica replica : release.replicas()) {
            if (replica.wasReady()) {
                ports.add(replica.port());
            }
        }
        return new Route(release.deployment(), weight, ports);
    }

    private EnvironmentDirectory directory(Environment environment) {
        return EnvironmentDirectory.of(root, environment);
    }
}

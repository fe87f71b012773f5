package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.config.Config;
import dev.flujo.deploy.target.kubernetes.Inventory.Wanted;
import dev.flujo.deploy.target.kubernetes.InventoryStore.Known;
import dev.flujo.event.DriftEvent.Difference;
import dev.flujo.event.plan.Deploy;
import dev.flujo.kit.process.Failpoint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The objects of one environment in its namespace. Each method asks what is there, notes what is wanted, and then writes what
 * is missing; whoever is interrupted, or finds that somebody else has written meanwhile, begins it again.
 */
final class EnvironmentObjects {

    private final Place place;
    private final ReleaseReader reader;
    private final InventoryStore store;
    private final Cluster cluster;
    private final Applier applier;
    private final Failpoint failpoint;

    EnvironmentObjects(Cluster cluster, Place place, ReleaseReader reader, Failpoint failpoint) {
        this.cluster = cluster;
        this.place = place;
        this.reader = reader;
        this.store = new InventoryStore(cluster, place);
        this.applier = new Applier(cluster, place, failpoint);
        this.failpoint = failpoint;
    }

    Inventory inventory() throws IOException {
        return store.read().inventory();
    }

    /** Wants so many replicas of a version, unless something newer is here. */
    void scale(Version version, int replicas) throws Stale, Refused, IOException {
        Known known = store.read();
        if (replicas == 0) {
            end(known, version.deployment());
            return;
        }
        if (known.inventory().fence() > version.fence()) {
            return;
        }
        Wanted wanted = wanted(known, version, replicas);
        Known noted = known.inventory().version(version.deployment()).equals(Optional.of(wanted))
                ? known
                : store.replace(known, known.inventory().with(wanted));
        failpoint.pass("kubernetes.noted");
        if (wanted.refused().isPresent()) {
            return;
        }
        try {
            if (wanted.apart()) {
                pin(noted);
            }
            applier.apply(
                    arrangement(version, wanted).own(replicas, noted.inventory().apart()), wanted.marks());
        } catch (Refused e) {
            store.replace(noted, noted.inventory().with(wanted.refused(e.getMessage())));
        }
    }

    /** Divides the traffic among versions that are here. */
    void route(List<Share> shares) throws Stale, Refused, IOException {
        Known known = store.read();
        if (known.inventory().shares().equals(shares)) {
            direct(known, shares);
            return;
        }
        direct(store.replace(known, known.inventory().with(shares)), shares);
    }

    Serving promote(Version version, Instant since, Optional<UUID> previous) throws Stale, Refused, IOException {
        Known known = store.read();
        Optional<Serving> before = known.inventory().promoted().filter(serving -> serving.deployment()
                .equals(version.deployment()));
        if (before.isPresent()) {
            return before.get();
        }
        String address = Address.of(release(version.deployment()), place);
        Serving serving = new Serving(version.deployment(), address, since, previous);
        store.replace(known, known.inventory().with(serving));
        return serving;
    }

    /**
     * Deletes everything that carries the marks of this environment's deployments. What says that is left, so that whoever is
     * older still comes too late.
     */
    void remove(long fence) throws Stale, Refused, IOException {
        Known known = store.read();
        if (known.inventory().fence() > fence) {
            throw new Refused("Expected to take " + place.environment()
                    + " down, but a newer deployment has been begun in namespace " + place.namespace() + ".");
        }
        if (known.version().isEmpty()) {
            return;
        }
        Inventory inventory = known.inventory();
        Known noted = inventory.fence() == fence ? known : store.replace(known, inventory.at(fence));
        failpoint.pass("kubernetes.removal-noted");
        for (Wanted version : inventory.versions()) {
            applier.prune(version.objects(), version.deployment());
        }
        new ConfigObjects(cluster, place).remove();
        store.replace(noted, Inventory.NONE.at(fence));
    }

    /** The kept release of a version of which something is here. */
    Release release(UUID deployment) throws IOException {
        Optional<Release> kept = store.kept(deployment);
        if (kept.isEmpty()) {
            throw new IOException("Expected the release of " + deployment + " in namespace " + place.namespace()
                    + ", but it is gone; deploy anew.");
        }
        return kept.get();
    }

    /** In what is there of a version is not as it was applied. */
    List<Difference> drift(Version version) throws Stale, Refused, IOException {
        List<Difference> differences = new ArrayList<>();
        for (Applied applied : applied(version)) {
            differences.addAll(applied.differences());
        }
        return differences;
    }

    /** Applies a version again as it is wanted. */
    void heal(Version version) throws Stale, Refused, IOException {
        for (Applied applied : applied(version)) {
            applied.again();
        }
    }

    /** What was applied for a version, and, if it alone brings the traffic, for that. */
    private List<Applied> applied(Version version) throws IOException {
        Inventory inventory = store.read().inventory();
        Optional<Wanted> wanted = inventory.version(version.deployment()).filter(known -> known.refused()
                .isEmpty());
        Optional<Release> kept = wanted.isEmpty() ? Optional.empty() : store.kept(version.deployment());
        if (kept.isEmpty()) {
            return List.of();
        }
        int replicas = wanted.get().replicas();
        List<Applied> applied = new ArrayList<>();
        applied.add(new Applied(
                cluster,
                place,
                wanted.get().marks(),
                arrangement(version, wanted.get()).own(replicas, inventory.apart())));
        List<Share> shares = inventory.shares();
        if (inventory.apart()
                && shares.size() == 1
                && shares.get(0).deployment().equals(version.deployment())) {
            applied.add(new Applied(
                    cluster,
                    place,
                    new Marks(version.deployment(), inventory.fence(), described(shares)),
                    Arrangement.ofTraffic(kept.get(), version.deployment()).traffic(shares)));
        }
        return applied;
    }

    /** Writes the settings and secrets of the environment. */
    void give(Config config) throws Stale, Refused, IOException {
        new ConfigObjects(cluster, place).put(config);
    }

    /** Wants only pods of a version that were started with what was given last; what is applied already is left alone. */
    void renew(Version version) throws Stale, Refused, IOException {
        Known known = store.read();
        Optional<Wanted> before = known.inventory()
                .version(version.deployment())
                .filter(wanted -> wanted.refused().isEmpty() && wanted.config().isPresent());
        Optional<String> mark = new ConfigObjects(cluster, place).mark();
        if (before.isEmpty() || mark.isEmpty()) {
            return;
        }
        Wanted wanted = before.get().startedWith(mark.get());
        Known noted = wanted.equals(before.get())
                ? known
                : store.replace(known, known.inventory().with(wanted));
        failpoint.pass("kubernetes.renewal-noted");
        applier.apply(
                arrangement(version, wanted)
                        .own(wanted.replicas(), noted.inventory().apart()),
                wanted.marks());
    }

    /** How the objects of a version are arranged, whatever its pods were started with. */
    Arrangement arrangement(Version version) throws IOException {
        return arrangement(version, release(version.deployment()), Optional.empty());
    }

    private Arrangement arrangement(Version version, Wanted wanted) throws IOException {
        return arrangement(version, release(version.deployment()), wanted.config());
    }

    private Arrangement arrangement(Version version, Release release, Optional<String> mark) {
        Optional<PodConfig> config = deploy(version).config().map(unused -> new PodConfig(place.configName(), mark));
        return new Arrangement(release, version.deployment(), rollout(version), config);
    }

    private Wanted wanted(Known known, Version version, int replicas) throws Stale, Refused, IOException {
        Optional<Wanted> before = known.inventory().version(version.deployment());
        boolean apart = Arrangement.apart(rollout(version));
        Optional<String> mark = before.isPresent() ? before.get().config() : startedWith(version);
        Wanted nothing =
                new Wanted(version.deployment(), version.fence(), replicas, apart, List.of(), Optional.empty(), mark);
        if (before.isPresent() && before.get().refused().isPresent()) {
            return before.get();
        }
        try {
            if (store.kept(version.deployment()).isEmpty()) {
                Release fresh = reader.read(version.work(), place);
                arrangement(version, fresh, Optional.empty()).check();
                store.keep(new Marks(version.deployment(), version.fence(), "kept"), fresh);
            }
        } catch (Refused e) {
            return nothing.refused(e.getMessage());
        }
        Arrangement arrangement = arrangement(version);
        TreeSet<ObjectKey> objects =
                new TreeSet<>(arrangement.own(replicas, apart).keySet());
        objects.addAll(arrangement.traffic(List.of()).keySet());
        objects.add(store.key(version.deployment()));
        return new Wanted(
                version.deployment(), version.fence(), replicas, apart, List.copyOf(objects), Optional.empty(), mark);
    }

    /** What pods that come now are started with, where they are to be replaced once it is something else. */
    private Optional<String> startedWith(Version version) throws IOException {
        return deploy(version).config().equals(Optional.of(Deploy.Reading.RESTART))
                ? new ConfigObjects(cluster, place).mark()
                : Optional.empty();
    }

    private void end(Known known, UUID deployment) throws Stale, Refused, IOException {
        if (known.inventory().version(deployment).isPresent()) {
            applier.prune(known.inventory().only(deployment), deployment);
            store.replace(known, known.inventory().without(deployment));
        }
    }

    /** What users reach now they go on to reach, and nothing that comes up beside it. */
    private void pin(Known known) throws Stale, Refused, IOException {
        direct(known, known.inventory().shares());
    }

    /** What only rolls brings its own way to users, by the selectors that its manifests have. */
    private void direct(Known known, List<Share> shares) throws Stale, Refused, IOException {
        Inventory inventory = known.inventory();
        Optional<Wanted> newest = inventory.sharers().findFirst().or(inventory::newest);
        Optional<Release> kept =
                newest.isEmpty() ? Optional.empty() : store.kept(newest.get().deployment());
        if (inventory.apart() && kept.isPresent()) {
            UUID deployment = newest.get().deployment();
            Arrangement arrangement = Arrangement.ofTraffic(kept.get(), deployment);
            applier.apply(arrangement.traffic(shares), new Marks(deployment, inventory.fence(), described(shares)));
        }
    }

    private static String described(List<Share> shares) {
        return shares.stream()
                .map(share -> Marks.word(share.deployment()) + "=" + share.weight())
                .collect(Collectors.joining(" ", "shares ", ""));
    }

    private static Deploy.Rollout rollout(Version version) {
        return deploy(version).rollout();
    }

    private static Deploy deploy(Version version) {
        return version.work().job().deploy().orElseThrow();
    }
}

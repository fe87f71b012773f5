package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.Serving;
import dev.flujo.deploy.Target.Share;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What Flujo wants of an environment, kept in the environment's own namespace, so that whoever carries on asks the cluster.
 *
 * @param fence the highest that was ever here; who has a lower one comes too late
 * @param shares who gets which part of the traffic
 */
record Inventory(long fence, List<Wanted> versions, List<Share> shares, Optional<Serving> promoted) {

    /** Of an environment that nothing was ever deployed to. */
    static final Inventory NONE = new Inventory(0, List.of(), List.of(), Optional.empty());

    /**
     * A version of which something is there.
     *
     * @param apart whether its workloads have names of their own, so that they are there beside those of other versions
     * @param objects everything that was or may have been applied for it
     * @param refused why it cannot be had, if it cannot
     * @param config the mark of the settings and secrets that its pods are to have been started with, if that matters
     */
    record Wanted(
            UUID deployment,
            long fence,
            int replicas,
            boolean apart,
            List<ObjectKey> objects,
            Optional<String> refused,
            Optional<String> config) {

        Wanted {
            objects = List.copyOf(objects);
            refused = refused == null ? Optional.empty() : refused;
            config = config == null ? Optional.empty() : config;
        }

        Wanted refused(String reason) {
            return new Wanted(deployment, fence, replicas, apart, objects, Optional.of(reason), config);
        }

        Wanted startedWith(String mark) {
            return new Wanted(deployment, fence, replicas, apart, objects, refused, Optional.of(mark));
        }

        /** What its objects are marked with as wanted. */
        Marks marks() {
            return new Marks(
                    deployment,
                    fence,
                    "replicas=" + replicas
                            + config.map(mark -> " config=" + mark).orElse(""));
        }
    }

    Inventory {
        versions = versions == null ? List.of() : List.copyOf(versions);
        shares = shares == null ? List.of() : List.copyOf(shares);
        promoted = promoted == null ? Optional.empty() : promoted;
    }

    Optional<Wanted> version(UUID deployment) {
        return versions.stream()
                .filter(version -> version.deployment().equals(deployment))
                .findAny();
    }

    Inventory with(Wanted wanted) {
        List<Wanted> next = new ArrayList<>(without(wanted.deployment()).versions());
        next.add(wanted);
        return new Inventory(Math.max(fence, wanted.fence()), next, shares, promoted);
    }

    Inventory without(UUID deployment) {
        return new Inventory(
                fence,
                versions.stream()
                        .filter(version -> !version.deployment().equals(deployment))
                        .toList(),
                shares,
                promoted);
    }

    Inventory with(List<Share> next) {
        return new Inventory(fence, versions, next, promoted);
    }

    /** The same, in which only what is not older than that may change anything. */
    Inventory at(long newest) {
        return new Inventory(newest, versions, shares, promoted);
    }

    Inventory with(Serving serving) {
        return new Inventory(fence, versions, shares, Optional.of(serving));
    }

    /** Whether a version is here that is kept apart from others. */
    boolean apart() {
        return versions.stream().anyMatch(Wanted::apart);
    }

    /** What belongs to a version and to no other. */
    List<ObjectKey> only(UUID deployment) {
        List<ObjectKey> others = without(deployment).versions().stream()
                .flatMap(version -> version.objects().stream())
                .toList();
        return version(deployment).stream()
                .flatMap(version -> version.objects().stream())
                .filter(key -> !others.contains(key))
                .toList();
    }

    /** The versions that get traffic, the newest first. */
    Stream<Wanted> sharers() {
        return newestFirst().filter(version -> shares.stream()
                .anyMatch(share -> share.deployment().equals(version.deployment())));
    }

    /** The version that came last. */
    Optional<Wanted> newest() {
        return newestFirst().findFirst();
    }

    private Stream<Wanted> newestFirst() {
        return versions.stream().sorted(Comparator.comparingLong(Wanted::fence).reversed());
    }
}

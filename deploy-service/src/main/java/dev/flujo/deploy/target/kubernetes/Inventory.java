package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.NotApplied;
import dev.flujo.deploy.Target.Serving;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What Flujo knows of an environment, kept in the environment's own namespace, so that whoever carries on asks the cluster:
 * what serves, what is being applied, what was given up, and which objects are there besides, to be pruned.
 */
record Inventory(Optional<Live> live, Optional<Pending> pending, List<GivenUp> givenUp, List<ObjectKey> left) {

    /** Of an environment that nothing was ever deployed to. */
    static final Inventory NONE = new Inventory(Optional.empty(), Optional.empty(), List.of(), List.of());

    private static final int REMEMBERED = 50;

    /** A release that serves. */
    record Live(
            UUID deployment,
            long fence,
            Instant since,
            Optional<UUID> previous,
            String address,
            List<ObjectKey> objects) {

        Live {
            previous = previous == null ? Optional.empty() : previous;
            objects = List.copyOf(objects);
        }

        Serving serving() {
            return new Serving(deployment, address, since, previous);
        }
    }

    /** A release that is being applied; one that fails is being taken back. */
    record Pending(UUID deployment, long fence, Instant began, List<ObjectKey> objects, Optional<Failure> failure) {

        Pending {
            objects = List.copyOf(objects);
            failure = failure == null ? Optional.empty() : failure;
        }
    }

    /** Why a release will not serve, and when that was settled. */
    record Failure(String reason, Instant at) {}

    /** A deployment that will never serve. */
    record GivenUp(UUID deployment, long fence, String reason, Instant at) {

        NotApplied exception() {
            return new NotApplied(reason, at);
        }
    }

    Inventory {
        live = live == null ? Optional.empty() : live;
        pending = pending == null ? Optional.empty() : pending;
        givenUp = givenUp == null ? List.of() : List.copyOf(givenUp);
        left = left == null ? List.of() : List.copyOf(left);
    }

    /** The highest fence that was ever here; whoever has a lower one comes too late. */
    long fence() {
        return Stream.of(
                        live.map(Live::fence).stream(),
                        pending.map(Pending::fence).stream(),
                        givenUp.stream().map(GivenUp::fence))
                .flatMap(fences -> fences)
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    Optional<GivenUp> givenUp(UUID deployment) {
        return givenUp.stream()
                .filter(entry -> entry.deployment().equals(deployment))
                .findAny();
    }

    /** A release begins; what an abandoned one before it may have made is left over. */
    Inventory begun(Pending next) {
        return new Inventory(
                live,
                Optional.of(next),
                givenUp,
                all(left, pending.map(Pending::objects).orElse(List.of())));
    }

    Inventory failing(Failure failure) {
        Pending failed = pending.map(old ->
                        new Pending(old.deployment(), old.fence(), old.began(), old.objects(), Optional.of(failure)))
                .orElseThrow();
        return new Inventory(live, Optional.of(failed), givenUp, left);
    }

    /** What was being applied serves; what only the old release had is left over. */
    Inventory tookOver(String address, Instant at) {
        Pending ready = pending.orElseThrow();
        Live next =
                new Live(ready.deployment(), ready.fence(), at, live.map(Live::deployment), address, ready.objects());
        List<ObjectKey> over = all(left, live.map(Live::objects).orElse(List.of()));
        return new Inventory(Optional.of(next), Optional.empty(), givenUp, without(over, ready.objects()));
    }

    /** What was being applied never will serve. */
    Inventory gaveUp() {
        Pending failed = pending.orElseThrow();
        Failure failure = failed.failure().orElseThrow();
        return new Inventory(live, Optional.empty(), List.of(), left)
                .remember(givenUp, new GivenUp(failed.deployment(), failed.fence(), failure.reason(), failure.at()));
    }

    /** A deployment is refused before anything of it is applied. */
    Inventory refused(GivenUp refusal) {
        return new Inventory(live, pending, List.of(), left).remember(givenUp, refusal);
    }

    Inventory pruned() {
        return new Inventory(live, pending, givenUp, List.of());
    }

    /** What is here and belongs to no release that serves, or would without the one that is being applied. */
    List<ObjectKey> superfluous() {
        List<ObjectKey> made = all(left, pending.map(Pending::objects).orElse(List.of()));
        return without(made, live.map(Live::objects).orElse(List.of()));
    }

    private Inventory remember(List<GivenUp> before, GivenUp newest) {
        List<GivenUp> entries = new ArrayList<>(before);
        entries.add(newest);
        int first = Math.max(0, entries.size() - REMEMBERED);
        return new Inventory(live, pending, entries.subList(first, entries.size()), left);
    }

    private static List<ObjectKey> all(List<ObjectKey> some, List<ObjectKey> others) {
        TreeSet<ObjectKey> keys = new TreeSet<>(some);
        keys.addAll(others);
        return List.copyOf(keys);
    }

    private static List<ObjectKey> without(List<ObjectKey> keys, List<ObjectKey> others) {
        return keys.stream().filter(key -> !others.contains(key)).toList();
    }
}

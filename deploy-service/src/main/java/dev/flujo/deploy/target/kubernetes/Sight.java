package dev.flujo.deploy.target.kubernetes;

import dev.flujo.deploy.Target.Condition;
import dev.flujo.deploy.Target.Version;
import dev.flujo.deploy.target.kubernetes.Inventory.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was last seen of the versions that somebody asks about. It is looked at again when something has moved, and without
 * that every second, or more seldom where there are many; whoever asks more often gets the same again, so that asking costs a cluster nothing.
 */
final class Sight implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** Every version that is watched costs its cluster some calls each time, so many are looked at in turns. */
    private static final Duration LONGER_FOR_EACH = Duration.ofMillis(20);

    /** What a rollout asks about it asks all the time; what nobody has asked about for so long is not watched any more. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(30);

    private final Map<Key, Seen> seen = new ConcurrentHashMap<>();

    /** A version in one of its places. */
    private record Key(UUID deployment, Place place) {}

    private static final class Seen {

        private final WakeUp wakeUp;
        private Optional<Condition> condition = Optional.empty();
        private long lookedAt;
        private volatile long askedAt = System.nanoTime();

        Seen(WakeUp wakeUp) {
            this.wakeUp = wakeUp;
        }
    }

    Condition condition(Cluster cluster, Place place, Version version, EnvironmentObjects objects) throws IOException {
        Seen one = seen.computeIfAbsent(
                new Key(version.deployment(), place), unused -> new Seen(new WakeUp(cluster, place.namespace())));
        synchronized (one) {
            one.askedAt = System.nanoTime();
            boolean old = one.askedAt - one.lookedAt > longest();
            if (one.condition.isEmpty() || old || one.wakeUp.moved()) {
                one.wakeUp.mend();
                Inventory inventory = objects.inventory();
                Optional<Wanted> wanted = inventory.version(version.deployment());
                one.condition = Optional.of(
                        wanted.isEmpty()
                                ? new Condition(0, 0, Optional.of("nothing is wanted of it"), "none")
                                : new Looks(cluster, place.namespace()).look(inventory, wanted.get()));
                one.lookedAt = System.nanoTime();
            }
            return one.condition.orElseThrow();
        }
    }

    private long longest() {
        return LONGEST.plus(LONGER_FOR_EACH.multipliedBy(seen.size())).toNanos();
    }

    /** Something else is wanted of the version: what was seen of it before says nothing any more. */
    void forget(UUID deployment, Place place) {
        forget(new Key(deployment, place));
    }

    private void forget(Key key) {
        Optional.ofNullable(seen.remove(key)).ifPresent(one -> one.wakeUp.close());
    }

    void forgetOld() {
        seen.forEach((key, one) -> {
            if (System.nanoTime() - one.askedAt > FORGOTTEN.toNanos()) {
                forget(key);
            }
        });
    }

    @Override
    public void close() {
        seen.keySet().forEach(this::forget);
    }
}

package dev.flujo.deploy.config;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One setting or secret of an environment with its versions, the newest last. */
public record Item(String name, Kind kind, List<ItemVersion> versions) {

    /** Older ones are forgotten; which deployment saw them is still known. */
    private static final int MOST_VERSIONS = 100;

    public Item {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        versions = List.copyOf(versions);
    }

    public ItemVersion newest() {
        return versions.get(versions.size() - 1);
    }

    /** The version before the newest, while it can still be read. */
    public Optional<ItemVersion> former(Instant now) {
        boolean open = newest().formerUntil().filter(now::isBefore).isPresent();
        return open && versions.size() > 1
                ? Optional.of(versions.get(versions.size() - 2)).filter(before -> !before.gone())
                : Optional.empty();
    }

    Item with(ItemVersion next) {
        List<ItemVersion> all = new ArrayList<>(versions);
        all.add(next);
        return new Item(name, kind, all.subList(Math.max(0, all.size() - MOST_VERSIONS), all.size()));
    }

    Item withNewest(ItemVersion changed) {
        List<ItemVersion> all = new ArrayList<>(versions);
        all.set(all.size() - 1, changed);
        return new Item(name, kind, all);
    }

    /** Without the values of secrets that nobody can read any more. */
    Item withoutPastSecrets(Instant now) {
        if (kind == Kind.SETTING) {
            return this;
        }
        List<ItemVersion> all = versions.stream()
                .map(version -> version.equals(newest()) || former(now).equals(Optional.of(version))
                        ? version
                        : version.with(Optional.empty()))
                .toList();
        return new Item(name, kind, all);
    }
}

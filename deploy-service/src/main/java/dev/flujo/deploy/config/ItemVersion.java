package dev.flujo.deploy.config;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a setting or secret was set to, once.
 *
 * @param number counted from 1; taking an item away counts, too
 * @param kept its value, sealed if it is a secret; none where it is not needed any more, or the item was taken away
 * @param gone whether the item was taken away then
 * @param formerUntil until when the version before can be read beside this one
 * @param confirmedBy who has said that the one before is not needed any more
 */
public record ItemVersion(
        int number,
        String by,
        Instant at,
        Optional<String> kept,
        boolean gone,
        Optional<Instant> formerUntil,
        Optional<String> confirmedBy) {

    public ItemVersion {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        kept = kept == null ? Optional.empty() : kept;
        formerUntil = formerUntil == null ? Optional.empty() : formerUntil;
        confirmedBy = confirmedBy == null ? Optional.empty() : confirmedBy;
    }

    ItemVersion with(Optional<String> other) {
        return new ItemVersion(number, by, at, other, gone, formerUntil, confirmedBy);
    }

    ItemVersion confirmed(String who, Instant now) {
        return new ItemVersion(number, by, at, kept, gone, Optional.of(now), Optional.of(who));
    }

    /** Without its value, which may be a secret. */
    @Override
    public String toString() {
        return "version " + number + " of " + at + " by " + by;
    }
}

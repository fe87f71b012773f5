package dev.flujo.core.lock;

import dev.flujo.event.Claim;
import dev.flujo.event.plan.Concurrency;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a claim has in a lock: its place in the order, and what its concurrency group says.
 *
 * @param number rises with each claim
 * @param age how old what an environment is wanted for is
 * @param leaving whether it holds the lock only until it has ended, since a newer one is to have its place
 */
public record Place(Claim claim, long number, Optional<Concurrency> group, Optional<Instant> age, boolean leaving) {

    public Place {
        Objects.requireNonNull(claim, "claim");
        group = group == null ? Optional.empty() : group;
        age = age == null ? Optional.empty() : age;
    }

    /** How many may hold the lock at once as far as this one is concerned. */
    int limit() {
        return group.map(Concurrency::limit).orElse(1);
    }

    /** Whether a newer one can end it while it goes on. */
    boolean mayEnd() {
        return !leaving && group.map(Concurrency::cancellable).orElse(false);
    }

    Place leaves() {
        return new Place(claim, number, group, age, true);
    }
}
